//! Uses of the files, and what can go wrong with each.

use rustix::io::Errno;

/// What is asked of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each is the method of that name")]
pub enum CallKind {
    ReadDir,
    Stat,
    Open,
    ReadAt,
    /// The stat of an open file.
    StatOpen,
    CreateNew,
    WriteAt,
    CopyFrom,
    SetLen,
    /// The sync of a file.
    Sync,
    CreateDir,
    Rename,
    RenameNoReplace,
    RemoveFile,
    RemoveDir,
    SyncDir,
    CopyMode,
    TryLock,
    IsNetwork,
}

impl CallKind {
    /// Whether it may change something, or make a change durable.
    #[must_use]
    pub const fn is_change(self) -> bool {
        !matches!(self, Self::ReadDir | Self::Stat | Self::Open | Self::ReadAt | Self::StatOpen | Self::IsNetwork)
    }

    /// Whether it makes something durable.
    #[must_use]
    pub const fn is_sync(self) -> bool {
        matches!(self, Self::Sync | Self::SyncDir)
    }

    /// What the system may answer to it when the call itself is right.
    #[must_use]
    pub const fn errors(self) -> &'static [Errno] {
        match self {
            Self::ReadDir | Self::Open => &[Errno::IO, Errno::ACCESS, Errno::MFILE, Errno::NFILE, Errno::NOMEM],
            Self::Stat => &[Errno::IO, Errno::ACCESS, Errno::NOMEM],
            Self::ReadAt | Self::StatOpen | Self::IsNetwork => &[Errno::IO],
            Self::CreateNew => &[
                Errno::IO,
                Errno::NOSPC,
                Errno::DQUOT,
                Errno::ACCESS,
                Errno::PERM,
                Errno::ROFS,
                Errno::MFILE,
                Errno::NFILE,
                Errno::NOMEM,
            ],
            Self::CreateDir => &[
                Errno::IO,
                Errno::NOSPC,
                Errno::DQUOT,
                Errno::ACCESS,
                Errno::PERM,
                Errno::ROFS,
                Errno::NOMEM,
                Errno::MLINK,
            ],
            Self::WriteAt | Self::CopyFrom | Self::SetLen => &[Errno::IO, Errno::NOSPC, Errno::DQUOT, Errno::FBIG],
            Self::Sync | Self::SyncDir => &[Errno::IO, Errno::NOSPC, Errno::DQUOT, Errno::ROFS],
            Self::Rename => &[
                Errno::IO,
                Errno::NOSPC,
                Errno::DQUOT,
                Errno::ACCESS,
                Errno::PERM,
                Errno::ROFS,
                Errno::NOMEM,
                Errno::XDEV,
                Errno::BUSY,
            ],
            Self::RenameNoReplace => &[
                Errno::IO,
                Errno::NOSPC,
                Errno::DQUOT,
                Errno::ACCESS,
                Errno::PERM,
                Errno::ROFS,
                Errno::NOMEM,
                Errno::XDEV,
                Errno::BUSY,
                Errno::EXIST,
            ],
            Self::RemoveFile | Self::RemoveDir => &[Errno::IO, Errno::ACCESS, Errno::PERM, Errno::ROFS, Errno::BUSY],
            Self::CopyMode => &[Errno::IO, Errno::ACCESS, Errno::PERM, Errno::ROFS, Errno::MFILE],
            Self::TryLock => {
                &[Errno::IO, Errno::NOSPC, Errno::ACCESS, Errno::ROFS, Errno::MFILE, Errno::NFILE, Errno::NOLCK]
            }
        }
    }

    /// Whether the system may answer so to it.
    #[must_use]
    pub fn can_give(self, error: Errno) -> bool {
        self.errors().contains(&error)
    }
}

/// One use of the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// What was asked.
    pub kind: CallKind,
    /// Where, relative to the workspace; of a rename, to where.
    pub path: String,
}

/// Which calls count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Counted {
    /// Those that change something or make it durable.
    #[default]
    Changes,
    /// All of them.
    All,
}

impl Counted {
    /// Whether such a call counts.
    #[must_use]
    pub const fn counts(self, kind: CallKind) -> bool {
        matches!(self, Self::All) || kind.is_change()
    }
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// The call fails and does nothing. A write before a full disk is done in part; a failed sync loses what it was to
    /// make durable.
    Error(Errno),
    /// The call is done, and said to have failed.
    DoneAndError(Errno),
    /// Everything stops before the call: it and all after it fail and do nothing.
    Cut,
}

/// One thing that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fault {
    /// At which of the counted calls, from 0.
    pub at: usize,
    /// Which calls are counted.
    pub counted: Counted,
    /// What.
    pub kind: FaultKind,
    /// Whether every later counted call that can give the error gives it too.
    pub for_ever: bool,
}

/// How a call ends before it begins.
pub(super) enum Verdict {
    Go,
    /// Done, and said to have failed.
    GoAndFail(Errno),
    Fail(Errno),
    Stopped,
}

/// The calls so far, and the fault that is to come.
#[derive(Debug, Clone, Default)]
pub(super) struct Calls {
    pub(super) made: Vec<Call>,
    pub(super) fault: Option<Fault>,
    pub(super) is_stopped: bool,
    /// Counted towards the fault.
    counted: usize,
}

impl Calls {
    pub(super) fn with(fault: Fault) -> Self {
        Self { fault: Some(fault), ..Self::default() }
    }

    pub(super) fn make(&mut self, kind: CallKind, path: &str) -> Verdict {
        if self.is_stopped {
            return Verdict::Stopped;
        }
        let verdict = self.judge(kind);
        if !matches!(verdict, Verdict::Stopped) {
            self.made.push(Call { kind, path: path.to_owned() });
        }
        verdict
    }

    fn judge(&mut self, kind: CallKind) -> Verdict {
        let Some(fault) = self.fault.filter(|fault| fault.counted.counts(kind)) else { return Verdict::Go };
        let at = self.counted;
        self.counted += 1;
        let strikes = |error| at == fault.at || (fault.for_ever && at > fault.at && kind.can_give(error));
        match fault.kind {
            FaultKind::Cut if at >= fault.at => {
                self.is_stopped = true;
                Verdict::Stopped
            }
            FaultKind::Error(error) if strikes(error) => Verdict::Fail(error),
            FaultKind::DoneAndError(error) if strikes(error) => Verdict::GoAndFail(error),
            _ => Verdict::Go,
        }
    }
}
