//! How a mutation is carried through: planned, shown, asked for where somebody has to say yes, and done.
//!
//! Plan and application are two requests to one open project. What can need no consent is asked for at once.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use packwright::plan::Nature;
use packwright::service::{
    ApplyPlan, Blocker, BlockerCode, Data, Files, Mode, Plan, PlanData, PlanFile, RecoverChoice, Request, Response,
    Service, Status,
};

use crate::command::Ended;
use crate::consent::{Consent, Risk, Said};
use crate::host::{Door, Host};
use crate::interrupt::{INTERRUPTED, Typed};
use crate::refusal::Refusal;
use crate::text;

/// A mutation of more assets than these is asked about on a terminal, whatever it does.
const MANY: usize = 100;

/// How far a mutation goes, and what was said yes to.
#[derive(Debug, Args)]
#[command(next_help_heading = "Plan and consent")]
pub(crate) struct HowFar {
    /// Show the plan, and do nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Save the plan to FILE, and do nothing; `packwright apply FILE` does it
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    plan_out: Option<PathBuf>,
    #[command(flatten)]
    consent: Consent,
}

impl HowFar {
    /// Whether any of it was said.
    pub(crate) fn is_said(&self) -> bool {
        self.dry_run || self.plan_out.is_some() || self.consent.yes || self.consent.confirm.is_some()
    }
}

/// What came of asking.
enum Answered {
    Yes,
    No,
    Interrupted,
}

impl Host {
    /// Carries a mutation through, as far as is wanted; `show` shows what was done.
    pub(crate) fn mutate(&self, request: Request, how: &HowFar, show: impl FnOnce(&Response, &Data)) -> Ended {
        match self.door(request.service()) {
            Ok(door) => self.mutate_at(&door, request, how, show),
            Err(error) => Ok(self.answer(&error.into_response(request.service()), show)),
        }
    }

    /// The same at a door that is open.
    pub(crate) fn mutate_at(
        &self,
        door: &Door,
        request: Request,
        how: &HowFar,
        show: impl FnOnce(&Response, &Data),
    ) -> Ended {
        if how.dry_run || how.plan_out.is_some() {
            let preview = self.call(door, request.in_mode(Mode::Preview));
            return self.show_preview(&preview, how);
        }
        let is_asked_for = can_need_consent(&request) || (self.can_ask() && can_touch_many(&request));
        if !is_asked_for {
            let done = self.call(door, request);
            return Ok(self.answer(&done, show));
        }
        let preview = self.call(door, request.in_mode(Mode::Preview));
        let Some(plan) = plan_of(&preview).filter(|_| preview.status == Status::Preview) else {
            return Ok(self.answer(&preview, show));
        };
        let apply = |consent: Vec<Nature>| {
            let plan = ApplyPlan { plan_id: Some(plan.plan_id), plan: None, consent };
            let request = Request::applying(preview.service, plan);
            request.map(|request| self.call(door, request)).unwrap_or_else(|| preview.clone())
        };
        self.go_ahead((&plan, &preview), &preview.summary, &how.consent, apply, show)
    }

    /// Carries a mutation through that is shown in any case, and done only where somebody says yes: nobody asked for what it
    /// does by name.
    pub(crate) fn mutate_shown(&self, request: Request, how: &HowFar, show: impl FnOnce(&Response, &Data)) -> Ended {
        let service = request.service();
        let door = match self.door(service) {
            Ok(door) => door,
            Err(error) => return Ok(self.answer(&error.into_response(service), show)),
        };
        let preview = self.call(&door, request.in_mode(Mode::Preview));
        let Some(plan) = plan_of(&preview).filter(|_| preview.status == Status::Preview) else {
            return Ok(self.answer(&preview, show));
        };
        if how.dry_run || how.plan_out.is_some() {
            return self.show_preview(&preview, how);
        }
        if !self.terminal.json() && !plan.actions.is_empty() {
            self.terminal.error(&self.plan_text(&plan, &preview.summary, self.terminal.err()));
        }
        let apply = |preview: Response| {
            let plan = ApplyPlan { plan_id: Some(plan.plan_id), plan: None, consent: Vec::new() };
            let done = Request::applying(service, plan).map_or(preview, |request| self.call(&door, request));
            self.answer(&in_our_words(done, None), show)
        };
        if plan.actions.is_empty() || how.consent.yes {
            return Ok(apply(preview));
        }
        if !self.can_ask() {
            let message = "this is what would be done, and nobody has said yes to it";
            let blocker = Blocker::new(BlockerCode::ConsentRequired, message, "look at the plan; `--yes` does it");
            let refused = Response { status: Status::Blocked, blockers: vec![blocker], ..preview };
            return Ok(self.answer(&refused, |_, _| {}));
        }
        self.terminal.error("go ahead? [y/N] ");
        match self.interrupts().line() {
            Typed::Line(typed) if is_yes(&typed) => Ok(apply(preview)),
            Typed::Interrupted => self.left_alone(true),
            Typed::Line(_) | Typed::End => self.left_alone(false),
        }
    }

    /// Nobody said yes.
    fn left_alone(&self, is_interrupted: bool) -> Ended {
        let words = if is_interrupted { "\ncancelled; nothing was done\n" } else { "nothing was done\n" };
        self.terminal.error(words);
        Ok(if is_interrupted { INTERRUPTED } else { 1 })
    }

    /// Applies a plan from a file. Whether it takes consent is known only when it is planned again.
    pub(crate) fn apply_file(&self, file: &PlanFile, name: &str, flags: &Consent) -> Ended {
        let service = file.request.service();
        let applying = |consent: Vec<Nature>| {
            let plan = ApplyPlan { plan_id: None, plan: Some(Box::new(file.clone())), consent };
            Request::applying(service, plan)
        };
        let moves: Vec<Nature> = flags.yes.then_some(Nature::Relocational).into_iter().collect();
        let Some(request) = applying(moves) else {
            let message = format!("{name} holds a request of {}, which changes nothing", service.name());
            return Err(Refusal::bad_request(message, PLAN_HELP));
        };
        let door = match self.door(service) {
            Ok(door) => door,
            Err(error) => return Ok(self.answer(&error.into_response(service), show_done(self))),
        };
        let first = self.call(&door, request);
        let Some(plan) = plan_of(&first).filter(|_| first.is_blocked_by(BlockerCode::ConsentRequired)) else {
            return Ok(self.answer(&in_our_words(first, Some(name)), show_done(self)));
        };
        let apply = |consent: Vec<Nature>| match applying(consent) {
            Some(request) => self.call(&door, request),
            None => first.clone(),
        };
        let headline = format!("{} of {name}", service.name());
        self.go_ahead((&plan, &first), &headline, flags, apply, show_done(self))
    }

    /// Gets consent where it is needed, and applies the plan.
    fn go_ahead(
        &self,
        (plan, planned): (&Plan, &Response),
        headline: &str,
        flags: &Consent,
        apply: impl FnOnce(Vec<Nature>) -> Response,
        show: impl FnOnce(&Response, &Data),
    ) -> Ended {
        let risk = Risk::of(plan, &planned.affected_assets);
        let is_much = planned.affected_assets.len() > MANY && !flags.yes;
        let answered = match risk.said(flags) {
            Said::Yes if !(is_much && self.can_ask()) => Answered::Yes,
            Said::Yes | Said::NotAll if self.can_ask() => {
                self.terminal.error(&self.plan_text(plan, headline, self.terminal.err()));
                self.question(&risk, planned.affected_assets.len())
            }
            _ => {
                if !self.terminal.json() {
                    self.terminal.error(&self.plan_text(plan, headline, self.terminal.err()));
                }
                let refused = with_blocker(apply(risk.given(flags)), &risk.blocker(flags));
                return Ok(self.answer(&refused, show));
            }
        };
        match answered {
            Answered::Yes => {
                let done = in_our_words(apply(risk.natures().to_vec()), None);
                Ok(self.answer(&done, show))
            }
            Answered::No => self.left_alone(false),
            Answered::Interrupted => self.left_alone(true),
        }
    }

    /// Whether there is a person to ask: one that sees the question and can type the answer.
    fn can_ask(&self) -> bool {
        !self.terminal.json() && std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
    }

    fn question(&self, risk: &Risk, n_assets: usize) -> Answered {
        let paint = self.terminal.err();
        let assets = text::count(n_assets as u64, "asset");
        let (asks, is_yes): (String, &dyn Fn(&str) -> bool) = if risk.is_destructive() {
            let word = risk.word();
            let what = if word.parse::<u64>().is_ok() { "their number" } else { "its name" };
            let warning = format!("this {}; nothing brings that back", risk.in_words());
            let warning = paint.severity(packwright::diagnose::Severity::Error, &warning);
            (format!("{warning}\ntype {what}, {}, to go ahead: ", text::plain(&word)), &|typed| risk.is_named_by(typed))
        } else if risk.natures().is_empty() {
            (format!("this touches {assets}; go ahead? [y/N] "), &is_yes)
        } else {
            (format!("this {}; go ahead? [y/N] ", risk.in_words()), &is_yes)
        };
        self.terminal.error(&asks);
        match self.interrupts().line() {
            Typed::Line(typed) if is_yes(&typed) => Answered::Yes,
            Typed::Line(typed) if risk.is_destructive() && !typed.trim().is_empty() => {
                let message = format!("`{}` is not `{}`; ", text::plain(typed.trim()), text::plain(&risk.word()));
                self.terminal.error(&message);
                Answered::No
            }
            Typed::Line(_) => Answered::No,
            Typed::End => {
                self.terminal.error("\n");
                Answered::No
            }
            Typed::Interrupted => Answered::Interrupted,
        }
    }

    fn show_preview(&self, preview: &Response, how: &HowFar) -> Ended {
        if let (Some(plan), Some(file), Status::Preview) = (plan_of(preview), &how.plan_out, preview.status) {
            let path = self.path(file);
            let mut text = serde_json::to_vec_pretty(&*plan).map_err(|error| Refusal::failed(error.to_string()))?;
            text.push(b'\n');
            std::fs::write(&path, text).map_err(|error| Refusal::io("write", &path, &error))?;
        }
        Ok(self.answer(preview, |response, data| {
            let Data::Plan(PlanData { plan }) = data else { return };
            self.terminal.result(&self.plan_text(plan, &response.summary, self.terminal.out()));
            self.next_of_plan(plan, response, how.plan_out.as_deref());
        }))
    }

    fn next_of_plan(&self, plan: &Plan, preview: &Response, saved: Option<&Path>) {
        let risk = Risk::of(plan, &preview.affected_assets);
        let flags = match (risk.natures().is_empty(), risk.is_destructive()) {
            (true, _) => String::new(),
            (false, false) => " --yes".to_owned(),
            (false, true) => format!(" --yes --confirm {}", crate::consent::quoted(&risk.word())),
        };
        self.terminal.note("nothing was done");
        match saved {
            Some(file) => {
                let file = crate::consent::quoted(&file.display().to_string());
                self.terminal.next(&format!("`packwright apply {}{flags}`", text::plain(&file)));
            }
            None if plan.actions.is_empty() => {}
            None if flags.is_empty() => self.terminal.next("the same without `-n` does it"),
            None => self
                .terminal
                .next(&format!("the same without `-n` asks and does it; with `{}` it does not ask", flags.trim())),
        }
    }

    fn plan_text(&self, plan: &Plan, headline: &str, paint: text::Paint) -> String {
        let full = self.terminal.verbose();
        let mut text = format!("{}: {}\n", paint.bold("plan"), text::plain(headline));
        if plan.actions.is_empty() {
            text.push_str("  there is nothing to do\n");
        }
        text.push_str(&text::actions(&plan.actions, full, paint));
        text + &text::outcome(&plan.outcome, full, paint)
    }
}

/// What to do where something else than a plan was given.
pub(crate) const PLAN_HELP: &str = "give a plan that `--plan-out` saved; `packwright apply --help` has an example";

/// What was done by a plan, whatever it was.
fn show_done(host: &Host) -> impl FnOnce(&Response, &Data) {
    |response, data| crate::command::show_done(host, response, data)
}

fn plan_of(response: &Response) -> Option<Arc<Plan>> {
    match &response.data {
        Data::Plan(PlanData { plan }) => Some(Arc::clone(plan)),
        _ => None,
    }
}

fn is_yes(typed: &str) -> bool {
    matches!(typed.trim().to_lowercase().as_str(), "y" | "yes")
}

/// Whether the service may move or delete what somebody made.
fn can_need_consent(request: &Request) -> bool {
    match request {
        Request::RemoveAsset(one) => one.request().is_none_or(|one| one.files != Files::Keep),
        Request::Recover(one) => one.request().is_none_or(|one| one.choice == Some(RecoverChoice::Undo)),
        request => matches!(
            request.service(),
            Service::RelocateAsset | Service::RestoreQuarantined | Service::PurgeQuarantined | Service::Revert
        ),
    }
}

/// Whether it may be about more assets than are named, or names many.
fn can_touch_many(request: &Request) -> bool {
    let many = |names: &[String]| names.len() > MANY || names.iter().any(|name| name.contains(['*', '?', '[']));
    match request {
        Request::IncludeAssetInBuild(one) | Request::ExcludeAssetFromBuild(one) => {
            one.request().is_some_and(|one| many(&one.selectors))
        }
        Request::RemoveAsset(one) => one.request().is_some_and(|one| many(&one.selectors)),
        Request::RegisterAsset(one) => one.request().is_some_and(|one| one.recursive || one.roots.len() > MANY),
        _ => false,
    }
}

/// The answer to what nobody said yes to, with the flags that do.
fn with_blocker(mut response: Response, blocker: &Blocker) -> Response {
    for one in response.blockers.iter_mut().filter(|one| one.code == BlockerCode::ConsentRequired) {
        *one = blocker.clone();
        response.summary = format!("blocked: {}", blocker.message);
    }
    response
}

/// The answer to a plan that is not good any more, with the command that makes a new one.
fn in_our_words(mut response: Response, file: Option<&str>) -> Response {
    use BlockerCode::{PlanExpired, PlanStale, PlanUnknown, PlanUsed};
    let help = match file {
        Some(file) => {
            format!("make the plan anew with `--plan-out {file}`, and look at it: it may do something else now")
        }
        None => {
            "nothing was done; give the command again, and look at its plan: it may do something else now".to_owned()
        }
    };
    let is_of_plan = |one: &&mut Blocker| matches!(one.code, PlanStale | PlanExpired | PlanUnknown | PlanUsed);
    response.blockers.iter_mut().filter(is_of_plan).for_each(|one| one.help.clone_from(&help));
    response
}
