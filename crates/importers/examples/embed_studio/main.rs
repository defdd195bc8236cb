//! A small Studio with the packer inside it: how a host starts it, calls it, and shows what it does.
//!
//! ```text
//! cargo run -p packwright-importers --example embed_studio
//! ```
//!
//! | file | to copy |
//! |---|---|
//! | `container.rs` | who owns the bus, and who is given it |
//! | `adapter.rs` | how events become updates of a UI without losing their meaning |
//! | `ui.rs`, `art.rs` | props |
//!
//! This file plays one session and asserts what it claims; where a claim does not hold, the process ends with 1.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to whoever runs it")]

mod adapter;
mod art;
mod container;
mod ui;

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use packwright::event::payload::{CacheHit, DiagnosticsUpdated, RuntimeStateChanged, State};
use packwright::event::{Event, Filter, HostSubscription, Kind, Subscription, check};
use packwright::service::{Build, Doctor, InitWorkspace, RegisterAsset, Request, Response, Status};
use packwright::value::RunId;
use packwright::{Pending, Project};

use adapter::{Adapter, Change, Shelf, Update};
use container::{Container, Selected};
use ui::{Display, Ui};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    match session() {
        Ok(transcript) => {
            println!("{transcript}\n\nall as claimed");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("not as claimed: {error}");
            ExitCode::FAILURE
        }
    }
}

/// One session; gives back what was on the screen.
fn session() -> Outcome<String> {
    let folder = tempfile::tempdir()?;
    let container = Container::start();
    let mut studio = Studio::open(container, folder.path())?;
    studio.registers()?;
    studio.builds()?;
    studio.breaks_a_manifest(folder.path())?;
    studio.cancels()?;
    studio.comes_back_after_a_gap()?;
    studio.has_shown_what_happened()?;
    Ok(studio.ui.transcript())
}

/// The Studio, as its user has it before them.
struct Studio {
    container: Container,
    project: Project,
    display: Display,
    ui: Ui,
    adapter: Adapter,
    selections: HostSubscription<Selected>,
    /// Hears everything, to compare it with what was shown.
    witness: Subscription,
    heard: Vec<Arc<Event>>,
    shown: Vec<Update>,
}

impl Studio {
    /// Makes a game in the folder and opens it. Whoever listens subscribes first, and so hears the opening too.
    fn open(container: Container, folder: &Path) -> Outcome<Self> {
        let bus = container.event_bus();
        let (adapter, witness) = (Adapter::new(bus, Filter::all()), bus.subscribe(Filter::all()));
        let selections = bus.subscribe_to::<Selected>();
        let path = folder.display().to_string();
        let init = InitWorkspace { path, name: Some("game".to_owned()), assets: "assets".to_owned() };
        claim(container.packer().init(init).status == Status::Ok, "a folder becomes a workspace")?;
        art::make(&folder.join("assets"))?;
        claim(Arc::ptr_eq(bus, container.packer().bus()), "the packer speaks on the container's bus")?;
        let project = container.packer().open(folder)?;
        let (display, mut ui) = (Display::start(), Ui::default());
        ui.say("the game is opened, and observed");
        claim(project.observe().active, "the system says what changes")?;
        let (heard, shown) = (Vec::new(), Vec::new());
        let mut studio = Self { container, project, display, ui, adapter, selections, witness, heard, shown };
        studio.draw_all();
        claim(studio.ui.badge() == Some(State::Healthy), "an opened game is healthy")?;
        Ok(studio)
    }

    fn registers(&mut self) -> Outcome {
        self.ui.say("three folders of art become assets");
        let roots = art::ROOTS.map(str::to_owned).to_vec();
        let register = RegisterAsset { roots, included: true, ..RegisterAsset::default() };
        let response = self.ask(Request::RegisterAsset(register.into()))?;
        claim(response.status == Status::Ok, "the art is registered")?;
        claim(self.said(&response, Kind::AssetDiscovered) == 3, "each asset is announced")?;
        claim(self.said(&response, Kind::ActionApplied) == 1, "and then, once, that it is done")?;
        claim(self.project.snapshot().assets.n_registered() == 3, "whoever hears that sees it in the snapshot")
    }

    fn builds(&mut self) -> Outcome {
        self.ui.say("the user selects a picture, and builds twice");
        let clicked = self.container.event_bus().publish_host(Selected { address: "ui/logo" });
        let first = self.ask(Request::Build(Build::default()))?;
        let second = self.ask(Request::Build(Build::default()))?;
        claim(first.status == Status::Ok && second.status == Status::Ok, "the game builds")?;
        claim(self.imports(&first, Kind::CacheMiss) == 3, "the first build imports everything")?;
        claim(self.imports(&second, Kind::CacheHit) == 3, "the second finds everything in the cache")?;
        let is_bar = |update: &&Update| {
            matches!(update.change, Change::Bar(_)) && Some(update.operation_id) == first.operation_id
        };
        claim(self.shown.iter().any(|update| is_bar(&update)), "its bar was on the screen")?;
        claim(self.ui.bars() == 0, "no bar stays when its operation has ended")?;
        let selected = self.selections.try_next().ok_or("the Studio's own events travel beside the packer's")?;
        claim(selected.event.address == "ui/logo" && selected.cursor == clicked, "and are what was published")?;
        let began = self.heard.iter().find(|event| event.kind == Kind::BuildStarted).ok_or("a build began")?;
        claim(selected.cursor < began.cursor, "one counter orders both: the click came before the build")
    }

    fn breaks_a_manifest(&mut self, folder: &Path) -> Outcome {
        self.ui.say("somebody breaks a manifest");
        let manifest = folder.join("assets/ui/logo/asset.json");
        let whole = fs::read(&manifest)?;
        fs::write(&manifest, "{ \"schema\": 1, ")?;
        self.draw_until_said("that a manifest broke", |event| {
            event.payload_as::<DiagnosticsUpdated>().is_ok_and(|said| said.structural == 1)
        })?;
        self.ui.say("it turned up by itself; the doctor says more");
        let doctor = self.ask(Request::Doctor(Doctor::default()))?;
        let found = doctor.diagnostics.first().ok_or("the doctor finds what is broken")?;
        self.ui.say(&format!("{}: {}", found.name, found.message));
        let build = self.ask(Request::Build(Build::default()))?;
        claim(build.status == Status::Blocked, "a game that is broken does not build")?;
        claim(self.said(&build, Kind::BuildFinished) == 1, "and the build ends all the same")?;
        claim(fs::read(&manifest)? != whole, "nobody repairs what a person wrote")?;
        fs::write(&manifest, whole)?;
        self.draw_until_said("that it is whole again", |event| {
            event.payload_as::<DiagnosticsUpdated>().is_ok_and(|said| said.structural == 0)
        })
    }

    fn cancels(&mut self) -> Outcome {
        self.ui.say("the user starts a build and thinks better of it");
        let first = self.project.submit(Request::Build(Build { full: true, ..Build::default() }));
        let second = self.project.submit(Request::Build(Build::default()));
        second.cancel();
        first.cancel();
        let waited = self.draw_until_answered(&second)?;
        // Taken out of the queue, or stopped at its next safe point; past the last there is none.
        let ran = self.draw_until_answered(&first)?;
        let is_end = |status| status == Status::Cancelled || status == Status::Ok;
        claim(is_end(ran.status) && is_end(waited.status), "a cancelled build ends")?;
        let ends = |response: &Response| {
            let its = self.heard.iter().filter(|event| Some(event.operation_id) == response.operation_id);
            its.filter(|event| event.terminal).count()
        };
        claim(ends(&ran) == 1 && ends(&waited) == 1, "as one operation, with one end")?;
        let again = self.ask(Request::Build(Build::default()))?;
        claim(again.status == Status::Ok, "and leaves the project as it was")
    }

    /// A panel that was closed in another run of the Studio opens again, and asks for what came after.
    fn comes_back_after_a_gap(&mut self) -> Outcome {
        self.ui.say("a panel comes back from yesterday");
        let filter = Filter::all().from_cursor(RunId::mint(), 1_207);
        let mut panel = Adapter::new(self.container.event_bus(), filter);
        let mut screen = Ui::default();
        screen.draw(&panel.frame(|| shelf(&self.project)));
        let snapshot = shelf(&self.project);
        claim(snapshot.roots.len() == 3 && *screen.shelf() == snapshot, "it reads the snapshot, and then goes on")?;
        self.ui.say(screen.transcript().lines().next().unwrap_or_default());
        Ok(())
    }

    /// Compares what was on the screen with what was on the bus.
    fn has_shown_what_happened(&self) -> Outcome {
        check(self.heard.iter().map(|event| &**event))?;
        let told = self.heard.iter().filter(|event| event.kind.is_lifecycle());
        let told: Vec<_> = told.map(|event| (event.operation_id, event.sequence, event.cause)).collect();
        let drawn = self.shown.iter().filter(|update| update.kind.is_lifecycle());
        let drawn: Vec<_> = drawn.map(|update| (update.operation_id, update.sequence, update.cause)).collect();
        claim(told == drawn, "every lifecycle event was shown, once, in order, with its own cause")?;
        let said = self.heard.iter().filter(|event| event.kind == Kind::RuntimeStateChanged);
        let said: Vec<State> =
            said.filter_map(|event| event.payload_as::<RuntimeStateChanged>().ok()).map(|said| said.state).collect();
        let badges: Vec<State> = self
            .shown
            .iter()
            .filter_map(|update| match update.change {
                Change::Badge(state) => Some(state),
                _ => None,
            })
            .collect();
        claim(said == badges, "the badge showed each state that was said, and no other")?;
        claim(said.contains(&State::Stale) && said.contains(&State::Committing), "of more than one kind")?;
        let stand_for: u64 = self.shown.iter().map(|update| update.stands_for).sum();
        claim(stand_for == self.heard.len() as u64, "and nothing else went missing")
    }

    /// Asks the packer, and goes on drawing until it answers.
    fn ask(&mut self, request: Request) -> Outcome<Response> {
        let pending = self.project.submit(request);
        self.draw_until_answered(&pending)
    }

    /// Draws until an event says it, for half a minute at most.
    fn draw_until_said(&mut self, what: &str, says: impl Fn(&Event) -> bool) -> Outcome {
        const FRAMES: usize = 60 * 30;
        let from = self.heard.len();
        for _ in 0..FRAMES {
            self.display.wait();
            self.draw();
            let said = |event: &Arc<Event>| event.kind == Kind::DiagnosticsUpdated && says(event);
            if self.heard[from..].iter().any(said) {
                self.draw_all();
                return Ok(());
            }
        }
        Err(format!("nobody said {what}").into())
    }

    fn draw_until_answered(&mut self, pending: &Pending<Response>) -> Outcome<Response> {
        loop {
            self.display.wait();
            self.draw();
            if let Some(response) = pending.poll() {
                // An operation's last event comes before its answer, so all of it is there to be drawn.
                self.draw_all();
                return Ok(response);
            }
        }
    }

    /// Draws one frame. Nothing in here waits for the packer.
    fn draw(&mut self) -> usize {
        let updates = self.adapter.frame(|| shelf(&self.project));
        self.ui.draw(&updates);
        self.shown.extend_from_slice(&updates);
        self.heard.extend(std::iter::from_fn(|| self.witness.try_next()));
        updates.len()
    }

    fn draw_all(&mut self) {
        while self.draw() > 0 {}
    }

    /// How often the operation of a response said this.
    fn said(&self, response: &Response, kind: Kind) -> usize {
        self.events(response, kind).count()
    }

    /// How many imports the events of this kind count together.
    fn imports(&self, response: &Response, kind: Kind) -> u64 {
        self.events(response, kind).filter_map(|event| event.payload_as::<CacheHit>().ok()).map(|said| said.count).sum()
    }

    fn events(&self, response: &Response, kind: Kind) -> impl Iterator<Item = &Arc<Event>> {
        let operation = response.operation_id;
        self.heard.iter().filter(move |event| event.kind == kind && Some(event.operation_id) == operation)
    }
}

/// What the UI shows of a project that it knows nothing of yet.
fn shelf(project: &Project) -> Shelf {
    let snapshot = project.snapshot();
    let roots = snapshot.registered().map(|asset| asset.reference().root).collect();
    Shelf { revision: snapshot.revision, roots }
}

fn claim(holds: bool, what: &str) -> Outcome {
    if holds { Ok(()) } else { Err(what.into()) }
}

#[cfg(test)]
mod tests {
    /// The Studio asks for two builds at once and takes the first back; what runs when, and what state that is, it is
    /// told.
    #[test]
    fn run_5_con_3_states_and_the_order_of_work_are_told_to_the_studio_and_never_made_by_it() {
        let played = || -> super::Outcome {
            let folder = tempfile::tempdir()?;
            let mut studio = super::Studio::open(super::Container::start(), folder.path())?;
            studio.registers()?;
            studio.breaks_a_manifest(folder.path())?;
            studio.cancels()?;
            studio.has_shown_what_happened()
        };
        if let Err(error) = played() {
            panic!("not as claimed: {error}");
        }
    }

    #[test]
    fn emb_1_emb_2_emb_5_env_5_a_studio_works_with_the_packer_on_the_bus_of_its_container() {
        if let Err(error) = super::session() {
            panic!("not as claimed: {error}");
        }
    }
}
