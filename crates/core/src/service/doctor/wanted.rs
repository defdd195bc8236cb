//! What a doctor looks for: the codes, and how far it goes for them.

use std::collections::BTreeSet;

use crate::diagnose::{Code, RULES, hygiene};
use crate::service::{Answer, Doctor, Scope};
use crate::workspace::{Level, Settings, nearest};

/// The codes that are found where content is read.
pub(super) const CONTENT: [Code; 4] = [Code::S208, Code::S209, Code::S210, Code::S211];

/// What is looked for.
pub(crate) struct Wanted {
    codes: BTreeSet<Code>,
    /// The codes of hygiene that would be looked for, and that the settings turn off.
    pub(super) off: BTreeSet<Code>,
    /// Whether only some codes were asked for.
    pub(super) is_named: bool,
    /// Whether sources are decoded.
    pub(super) decodes: bool,
}

impl Wanted {
    /// What a request asks for.
    ///
    /// # Errors
    /// The answer to one that names what there is not.
    pub(in crate::service) fn of(request: &Doctor, settings: Option<&Settings>) -> Result<Self, Answer> {
        let named = codes(&request.only)?;
        let is_wide = request.scope == Scope::Workspace;
        // A cache is no part of the workspace's tidiness: who looks deep looks at it wherever.
        let by_scope = |code: &Code| match *code {
            Code::H317 => request.deep,
            code => is_wide || !code.is_hygiene(),
        };
        let mut wanted: BTreeSet<Code> = match named.is_empty() {
            true => Code::ALL.iter().copied().filter(by_scope).collect(),
            false => named.clone(),
        };
        let off = Self::turned_off(settings, &wanted);
        wanted.retain(|code| !off.contains(code));
        let decodes = request.deep && CONTENT.iter().any(|code| wanted.contains(code));
        Ok(Self { codes: wanted, off, is_named: !named.is_empty(), decodes })
    }

    /// All hygiene of these codes, without a deep look.
    ///
    /// # Errors
    /// The answer, where a code is none of hygiene.
    pub(in crate::service) fn hygiene_of(only: &[String], settings: Option<&Settings>) -> Result<Self, Answer> {
        let named = codes(only)?;
        if let Some(code) = named.iter().find(|code| !code.is_hygiene()) {
            let help = "put right what it names; only findings of hygiene can be allowed";
            return Err(Answer::bad_request(format!("{code} is structural and cannot be allowed"), help));
        }
        let mut wanted = named;
        if wanted.is_empty() {
            wanted.extend(Code::ALL.iter().filter(|code| code.is_hygiene() && **code != Code::H317));
        }
        let off = Self::turned_off(settings, &wanted);
        wanted.retain(|code| !off.contains(code));
        Ok(Self { codes: wanted, off, is_named: !only.is_empty(), decodes: false })
    }

    fn turned_off(settings: Option<&Settings>, wanted: &BTreeSet<Code>) -> BTreeSet<Code> {
        let levels = settings.into_iter().flat_map(|settings| &settings.levels);
        let off = levels.filter(|(_, level)| **level == Level::Off).filter_map(|(code, _)| code.parse().ok());
        off.filter(|code| wanted.contains(code)).collect()
    }

    pub(super) fn has(&self, code: Code) -> bool {
        self.codes.contains(&code)
    }

    pub(super) fn has_any(&self, codes: &[Code]) -> bool {
        codes.iter().any(|code| self.has(*code))
    }

    pub(super) fn has_hygiene(&self) -> bool {
        self.codes.iter().any(|code| code.is_hygiene())
    }

    /// The codes that are looked for; what only a build can find is not among them.
    pub(super) fn checks(&self) -> BTreeSet<Code> {
        let structural = RULES.iter().flat_map(|(codes, _)| codes.iter().copied()).chain(CONTENT);
        let all = structural.chain(hygiene::RULES.iter().map(|(code, _)| *code));
        all.filter(|code| self.has(*code)).collect()
    }
}

fn codes(only: &[String]) -> Result<BTreeSet<Code>, Answer> {
    let read = |text: &String| {
        text.parse::<Code>().map_err(|()| {
            let known = Code::ALL.iter().flat_map(|code| [code.as_str(), code.name()]);
            let help = match nearest(text, known) {
                Some(near) => format!("did you mean {near}?"),
                None => "`packwright explain` lists all codes".to_owned(),
            };
            Answer::bad_request(format!("there is no diagnostic `{text}`"), help)
        })
    };
    only.iter().map(read).collect()
}
