//! `strace`: counting the calls of a run, and failing one of them.

use std::collections::BTreeMap;
use std::fmt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};

use super::{CALLS, Counts};
use crate::failure::{Doing, Failure, Outcome};

/// What happens at one call.
pub(super) struct Fault {
    pub(super) call: &'static str,
    pub(super) at: usize,
    /// The call fails so; `None`: the process is killed there.
    pub(super) error: Option<&'static str>,
    /// This call and all after it.
    pub(super) for_ever: bool,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { call, at, error, for_ever } = self;
        match error {
            None => write!(f, "killed at {call} {at}"),
            Some(error) => write!(f, "{error} at {call} {at}{}", if *for_ever { " and after" } else { "" }),
        }
    }
}

/// How a run ended.
pub(super) enum Ended {
    Killed,
    Done,
    /// With what it printed.
    Refused(String),
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Killed => f.write_str("was killed"),
            Self::Done => f.write_str("said that it was done"),
            Self::Refused(said) => write!(f, "said `{}`", said.lines().take(4).collect::<Vec<_>>().join(" ")),
        }
    }
}

fn strace(binary: &Path, workspace: &Path, words: &[String]) -> (Command, Command) {
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq"]).stdin(Stdio::null());
    let mut rest = Command::new("");
    rest.arg("--").arg(binary).args(["--threads", "1", "--json", "--wait", "0", "-C"]).arg(workspace).args(words);
    (strace, rest)
}

/// Runs the command whole and counts its calls.
pub(super) fn count(binary: &Path, workspace: &Path, words: &[String]) -> Outcome<Counts> {
    let log = workspace.with_extension("trace");
    let names: Vec<&str> = CALLS.iter().map(|(name, _)| *name).collect();
    let (mut strace, rest) = strace(binary, workspace, words);
    strace.arg("-e").arg(format!("trace={}", names.join(","))).arg("-o").arg(&log).args(rest.get_args());
    let output = strace.output().doing(|| "starting strace".to_owned())?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        return Err(Failure::new(format!("`{}` ended with {}: {said}", words.join(" "), output.status)));
    }
    let text = std::fs::read_to_string(&log).doing(|| format!("reading {}", log.display()))?;
    std::fs::remove_file(&log).doing(|| format!("removing {}", log.display()))?;
    let mut by_thread: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        if let (Some(thread), Some(rest)) = (words.next(), words.next())
            && let Some((call, _)) = rest.split_once('(')
        {
            *by_thread.entry((thread, call)).or_default() += 1;
        }
    }
    let mut counts = Counts::new();
    for ((_, call), n) in by_thread {
        let most = counts.entry(call.to_owned()).or_default();
        *most = n.max(*most);
    }
    Ok(counts)
}

/// Runs the command with a fault in it.
pub(super) fn faulted(binary: &Path, workspace: &Path, words: &[String], fault: &Fault) -> Outcome<Ended> {
    let Fault { call, at, error, for_ever } = fault;
    let what = match error {
        None => "signal=KILL".to_owned(),
        Some(error) => format!("error={error}"),
    };
    let when = if *for_ever { format!("{at}+") } else { at.to_string() };
    let (mut strace, rest) = strace(binary, workspace, words);
    strace.args(["-o", "/dev/null", "-e", &format!("trace={call}"), "-e"]);
    strace.arg(format!("inject={call}:{what}:when={when}")).args(rest.get_args());
    let output = strace.output().doing(|| "starting strace".to_owned())?;
    if output.status.success() {
        return Ok(Ended::Done);
    }
    // strace ends as what it traced did.
    if output.status.signal() == Some(9) || output.status.code() == Some(137) {
        return Ok(Ended::Killed);
    }
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    if said.contains("panicked") {
        return Err(Failure::new(format!("{fault}: a panic: {said}")));
    }
    Ok(Ended::Refused(said))
}
