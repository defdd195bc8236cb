//! The binary while it runs: what it has said so far is waited for, line by line.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use snapbox::cmd::cargo_bin;

/// So long a test waits for what should come at once, before it says that it does not come.
const PATIENCE: Duration = Duration::from_secs(60);

/// A run that has not ended.
pub(crate) struct Running {
    child: Child,
    stdout: Lines,
    stderr: Lines,
}

/// The lines of a stream as they come.
struct Lines {
    coming: Receiver<String>,
    seen: Vec<String>,
}

impl Running {
    /// Starts the binary in `folder`.
    pub(crate) fn start(folder: &Path, args: &[&str]) -> Self {
        Self::start_with(folder, args, &[])
    }

    /// The same, with these variables of the environment.
    pub(crate) fn start_with(folder: &Path, args: &[&str], variables: &[(&str, &Path)]) -> Self {
        let mut child = Command::new(cargo_bin("packwright"))
            .args(args)
            .envs(variables.iter().copied())
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let stdout = Lines::of(child.stdout.take().expect("it is a pipe"));
        let stderr = Lines::of(child.stderr.take().expect("it is a pipe"));
        Self { child, stdout, stderr }
    }

    /// Waits until stdout has a line with this text, after those that were waited for before; gives it back.
    pub(crate) fn says(&mut self, text: &str) -> String {
        self.stdout.wait_for(text)
    }

    /// The same for stderr.
    pub(crate) fn complains(&mut self, text: &str) -> String {
        self.stderr.wait_for(text)
    }

    /// Every line of stdout that was waited for or passed over.
    pub(crate) fn said(&self) -> &[String] {
        &self.stdout.seen
    }

    /// Sends what Ctrl-C sends.
    pub(crate) fn interrupt(&self) {
        self.signal("-INT");
    }

    /// Sends a signal.
    pub(crate) fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status().expect("it runs");
        assert!(sent.success());
    }

    /// Waits for the end; the lines of stdout that nobody waited for come with it.
    pub(crate) fn end(mut self) -> (ExitStatus, Vec<String>) {
        let rest = self.stdout.rest();
        (self.child.wait().expect("it ends"), rest)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Where it has ended there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Lines {
    fn of(stream: impl Read + Send + 'static) -> Self {
        let (sender, coming) = channel();
        thread::spawn(move || {
            let lines = BufReader::new(stream).lines().map_while(Result::ok);
            lines.take_while(|line| sender.send(line.clone()).is_ok()).for_each(drop);
        });
        Self { coming, seen: Vec::new() }
    }

    fn wait_for(&mut self, text: &str) -> String {
        loop {
            let Ok(line) = self.coming.recv_timeout(PATIENCE) else {
                panic!("no line with {text:?} after {:#?}", self.seen);
            };
            self.seen.push(line.clone());
            if line.contains(text) {
                return line;
            }
        }
    }

    fn rest(&mut self) -> Vec<String> {
        let mut rest = Vec::new();
        while let Ok(line) = self.coming.recv_timeout(PATIENCE) {
            rest.push(line);
        }
        rest
    }
}
