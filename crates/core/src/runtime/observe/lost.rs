//! Why a watch does not see everything (any more), and what a person can do about it.

use std::io;

use rustix::io::Errno;

/// How a watch came to miss things.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Lost {
    /// The system lets this user watch no more; holds the setting that says how much.
    #[error(
        "the system lets this user watch no more folders: raise `{0}` (`sysctl`), or let the settings ignore folders \
         that hold no assets"
    )]
    Limit(&'static str),
    /// More happened than the system could keep for us. The watch goes on, and everything has to be read again.
    #[error("more files changed at once than the system could report, so everything is read again")]
    Overflow,
    /// The workspace is no longer where it was opened.
    #[error("the workspace folder was moved, replaced or deleted: open it again where it is now")]
    Gone,
    /// The system refused, in its own words.
    #[error("the system cannot watch the workspace: {0}")]
    Failed(String),
}

impl Lost {
    const WATCHES: Self = Self::Limit("fs.inotify.max_user_watches");
    const INSTANCES: Self = Self::Limit("fs.inotify.max_user_instances");

    /// Whether nothing is watched from here on.
    pub(crate) fn is_final(&self) -> bool {
        *self != Self::Overflow
    }

    /// The graver of two; the first where they are alike.
    pub(super) fn or(self, other: Self) -> Self {
        if self.is_final() { self } else { other }
    }
}

impl From<io::Error> for Lost {
    fn from(error: io::Error) -> Self {
        match Errno::from_io_error(&error) {
            Some(Errno::NOSPC) => Self::WATCHES,
            // inotify says of its instances what others say of open files.
            Some(Errno::MFILE) => Self::INSTANCES,
            _ => Self::Failed(error.to_string()),
        }
    }
}

impl From<Errno> for Lost {
    fn from(error: Errno) -> Self {
        io::Error::from(error).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_names_the_setting_that_raises_it() {
        let watches = Lost::from(Errno::NOSPC);
        assert!(watches.to_string().contains("fs.inotify.max_user_watches"), "{watches}");
        let instances = Lost::from(Errno::MFILE);
        assert!(instances.to_string().contains("fs.inotify.max_user_instances"), "{instances}");
    }

    #[test]
    fn what_the_system_says_is_passed_on() {
        let lost = Lost::from(Errno::NOMEM);
        assert!(matches!(&lost, Lost::Failed(why) if why.contains("memory")), "{lost:?}");
    }

    #[test]
    fn an_overflow_is_outweighed_by_a_loss_for_good() {
        assert_eq!(Lost::Overflow.or(Lost::Gone), Lost::Gone);
        assert_eq!(Lost::Gone.or(Lost::Overflow), Lost::Gone);
        assert_eq!(Lost::Overflow.or(Lost::Overflow), Lost::Overflow);
    }
}
