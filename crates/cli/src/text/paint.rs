//! Colours, or none.

use annotate_snippets::renderer::{AnsiColor, Color, Style};

use packwright::diagnose::Severity;

/// Paints text for one stream, or leaves it as it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paint {
    /// Whether the stream takes colours.
    pub colored: bool,
}

impl Paint {
    /// What to look at first.
    pub(crate) fn bold(self, text: &str) -> String {
        self.with(Style::new().bold(), text)
    }

    /// What may be passed over.
    pub(crate) fn dim(self, text: &str) -> String {
        self.with(Style::new().dimmed(), text)
    }

    /// Something went well.
    pub(crate) fn good(self, text: &str) -> String {
        self.with(bold(AnsiColor::Green), text)
    }

    /// What a command suggests.
    pub(crate) fn help(self, text: &str) -> String {
        self.with(bold(AnsiColor::Cyan), text)
    }

    /// As bad as `severity`.
    pub(crate) fn severity(self, severity: Severity, text: &str) -> String {
        let color = match severity {
            Severity::Error => AnsiColor::BrightRed,
            Severity::Warning => AnsiColor::Yellow,
            Severity::Info => AnsiColor::BrightBlue,
        };
        self.with(bold(color), text)
    }

    fn with(self, style: Style, text: &str) -> String {
        if self.colored { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

fn bold(color: AnsiColor) -> Style {
    Style::new().fg_color(Some(Color::Ansi(color))).bold()
}
