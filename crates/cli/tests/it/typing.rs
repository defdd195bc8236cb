//! The binary on a terminal: what it asks is waited for, and answered as a person would.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
use snapbox::cmd::cargo_bin;

/// So long a test waits for what should come at once, before it says that it does not come.
const PATIENCE: Duration = Duration::from_secs(60);

/// A run on a terminal, with somebody in front of it.
pub(crate) struct Typing {
    child: Child,
    keyboard: File,
    screen: Receiver<Vec<u8>>,
    seen: String,
}

impl Typing {
    /// Starts the binary in `folder`, with the three streams on a terminal without colours.
    pub(crate) fn start(folder: &Path, args: &[&str]) -> Self {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let ours = openpt(flags).expect("a terminal");
        grantpt(&ours).expect("it is ours");
        unlockpt(&ours).expect("it opens");
        let theirs = File::from(ioctl_tiocgptpeer(&ours, flags).expect("its other end"));
        let stream = || theirs.try_clone().expect("one more");
        let child = Command::new(cargo_bin("packwright"))
            .args(args)
            .current_dir(folder)
            .env("TERM", "dumb")
            .stdin(stream())
            .stdout(stream())
            .stderr(stream())
            .spawn()
            .expect("it starts");
        let keyboard = File::from(ours);
        let screen = shown(keyboard.try_clone().expect("one more"));
        Self { child, keyboard, screen, seen: String::new() }
    }

    /// Waits until the screen shows this text.
    pub(crate) fn shows(&mut self, text: &str) {
        while !self.seen.contains(text) {
            let Ok(bytes) = self.screen.recv_timeout(PATIENCE) else {
                panic!("{text:?} is not shown:\n{}", self.seen);
            };
            self.seen.push_str(&String::from_utf8_lossy(&bytes).replace('\r', ""));
        }
    }

    /// Types a line.
    pub(crate) fn types(&mut self, line: &str) {
        self.keyboard.write_all(format!("{line}\n").as_bytes()).expect("it is read");
    }

    /// Types the end of what is typed.
    pub(crate) fn types_the_end(&mut self) {
        self.keyboard.write_all(&[0x04]).expect("it is read");
    }

    /// Sends what Ctrl-C sends.
    pub(crate) fn interrupt(&self) {
        let sent = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().expect("it runs");
        assert!(sent.success());
    }

    /// Waits for the end; all that was shown comes with it.
    pub(crate) fn end(mut self) -> (ExitStatus, String) {
        let status = self.child.wait().expect("it ends");
        while let Ok(bytes) = self.screen.recv_timeout(PATIENCE) {
            self.seen.push_str(&String::from_utf8_lossy(&bytes).replace('\r', ""));
        }
        (status, std::mem::take(&mut self.seen))
    }
}

impl Drop for Typing {
    fn drop(&mut self) {
        // Where it has ended there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What comes on the screen, until the last process has left the terminal.
fn shown(mut screen: File) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(n @ 1..) = screen.read(&mut buffer) {
            if sender.send(buffer[..n].to_vec()).is_err() {
                return;
            }
        }
    });
    receiver
}
