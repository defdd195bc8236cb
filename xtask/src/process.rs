//! Other programs: running one, reading what it says, and a clear sentence when it fails.
//!
//! Everything that starts a process goes through [`Run`], so a failure always names the whole command line and whether
//! the program was missing or ended badly. Standard input is always closed: no chore ever waits for a person.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::failure::{Doing, Failure, Outcome};

/// One command line, built up and then run once.
pub(crate) struct Run {
    command: Command,
    silent: bool,
}

impl Run {
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(program);
        command.stdin(Stdio::null());
        Self { command, silent: false }
    }

    /// The cargo that runs this chore, so that both use one toolchain.
    pub(crate) fn cargo() -> Self {
        Self::new(std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")))
    }

    /// A script for `sh`; `arguments` are its `$1`, `$2` and so on, and need no quoting.
    pub(crate) fn shell(script: &str) -> Self {
        Self::new("sh").args(["-euc", script, "sh"])
    }

    pub(crate) fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    pub(crate) fn args<S: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        self.command.args(arguments);
        self
    }

    pub(crate) fn dir(mut self, dir: &Path) -> Self {
        self.command.current_dir(dir);
        self
    }

    pub(crate) fn env(mut self, key: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(key, value);
        self
    }

    /// The same command, started by `wrapper`, such as `time`, whose last arguments it becomes.
    pub(crate) fn under(self, mut wrapper: Self) -> Self {
        wrapper.command.arg(self.command.get_program()).args(self.command.get_args());
        if let Some(dir) = self.command.get_current_dir() {
            wrapper.command.current_dir(dir);
        }
        for (key, value) in self.command.get_envs() {
            if let Some(value) = value {
                wrapper.command.env(key, value);
            }
        }
        wrapper.silent = self.silent;
        wrapper
    }

    /// Drops what the program prints on stdout; stderr still shows.
    pub(crate) fn quiet(mut self) -> Self {
        self.silent = true;
        self
    }

    /// The command line as a person would type it.
    pub(crate) fn shown(&self) -> String {
        let words = std::iter::once(self.command.get_program()).chain(self.command.get_args());
        words.map(|word| quoted(&word.to_string_lossy())).collect::<Vec<_>>().join(" ")
    }

    /// Runs it with this chore's stdout and stderr; any end but success is a failure.
    pub(crate) fn run(mut self) -> Outcome {
        if self.silent {
            self.command.stdout(Stdio::null());
        }
        let status = self.command.status().doing(|| format!("starting `{}`", self.shown()))?;
        if status.success() { Ok(()) } else { Err(Failure::new(format!("`{}` ended with {status}", self.shown()))) }
    }

    /// Starts it, and leaves it running; what it prints is for the caller to read, stderr still shows.
    pub(crate) fn start(mut self) -> Outcome<(Child, ChildStdout)> {
        self.command.stdout(Stdio::piped());
        let mut child = self.command.spawn().doing(|| format!("starting `{}`", self.shown()))?;
        let stdout = child.stdout.take().expect("it was asked for above");
        Ok((child, stdout))
    }

    /// Runs it and returns its stdout; stderr still shows.
    pub(crate) fn output(mut self) -> Outcome<String> {
        self.command.stderr(Stdio::inherit());
        let output = self.command.output().doing(|| format!("starting `{}`", self.shown()))?;
        if !output.status.success() {
            return Err(Failure::new(format!("`{}` ended with {}", self.shown(), output.status)));
        }
        String::from_utf8(output.stdout).doing(|| format!("reading the output of `{}`", self.shown()))
    }
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Whether a program of this name is on `PATH`.
pub(crate) fn on_path(program: &str) -> bool {
    let Some(path) = std::env::var_os("PATH") else { return false };
    std::env::split_paths(&path).any(|dir| dir.join(program).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_fails_is_named_with_its_arguments_and_its_end() {
        let failure = Run::shell("exit 3").arg("two words").run().unwrap_err().to_string();
        assert!(failure.contains("sh -euc 'exit 3' sh 'two words'"), "{failure}");
        assert!(failure.contains("exit status: 3"), "{failure}");
    }

    #[test]
    fn a_missing_program_is_a_failure_that_names_it() {
        let failure = Run::new("no-such-program-here").run().unwrap_err().to_string();
        assert!(failure.starts_with("starting `no-such-program-here`"), "{failure}");
    }

    #[test]
    fn a_wrapped_command_keeps_its_folder_and_its_environment() {
        let dir = std::env::temp_dir().canonicalize().unwrap();
        let inner = Run::shell("printf '%s %s' \"$PWD\" \"$KEY\"").dir(&dir).env("KEY", "value");
        assert_eq!(inner.under(Run::new("env")).output().unwrap(), format!("{} value", dir.display()));
    }

    #[test]
    fn a_shell_script_gets_its_arguments_unquoted() {
        assert_eq!(Run::shell("printf %s \"$2\"").args(["a", "b c"]).output().unwrap(), "b c");
    }
}
