//! Reads from the snapshot: by themselves, while a build runs, and while another thread changes the registry.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use packwright::Project;
use packwright::service::{Build, GetAssetDetails, ListAssets, ListFilter, ListSort, Request, Selection};

use super::super::report::{median, shown};
use super::{Table, ask, nth, timed};
use crate::failure::Outcome;

const SORTS: [ListSort; 7] = [
    ListSort::Address,
    ListSort::Root,
    ListSort::AssetId,
    ListSort::Bytes,
    ListSort::Parts,
    ListSort::LastBuilt,
    ListSort::Worst,
];

/// One read, named, asked for again and again.
struct Read {
    label: String,
    bar: &'static str,
    request: Request,
}

pub(super) fn measure(project: &Project, rounds: usize) -> Outcome<Table> {
    let reads = reads(project);
    let alone = timed_all(project, &reads, rounds)?;
    let building = beside(project, &reads, rounds, || {
        ask(project, Request::Build(Build { full: true, check: true, verify: false }))
    })?;
    let (mut included, changing) = (true, nth(project, 1));
    let mutating = beside(project, &reads, rounds, || {
        included = !included;
        ask(project, inclusion(&changing, included))
    })?;
    let columns = &["read", "alone", "while a build runs", "while another thread mutates", "bar"];
    let mut table = Table::new("Reads from the snapshot", columns);
    for (index, read) in reads.into_iter().enumerate() {
        let times = [&alone, &building, &mutating].map(|times| shown(median(&times[index])));
        table.row([read.label].into_iter().chain(times).chain([read.bar.to_owned()]));
    }
    Ok(table)
}

pub(super) fn inclusion(selector: &str, included: bool) -> Request {
    let selection = Selection { selectors: vec![selector.to_owned()] };
    match included {
        true => Request::IncludeAssetInBuild(selection.into()),
        false => Request::ExcludeAssetFromBuild(selection.into()),
    }
}

fn reads(project: &Project) -> Vec<Read> {
    let middle = project.snapshot().assets.n_registered() / 2;
    let asset = project.snapshot().registered().nth(middle).cloned();
    let uuid = asset.as_ref().and_then(|asset| asset.uuid()).map(|uuid| uuid.to_string());
    let address = asset.as_ref().and_then(|asset| asset.address()).map(ToString::to_string);
    let selectors = [("uuid", uuid.unwrap_or_default()), ("address", address.unwrap_or_default())];
    let details = selectors.map(|(by, selector)| Read {
        label: format!("`get_asset_details` by {by}"),
        bar: "20 µs",
        request: Request::GetAssetDetails(GetAssetDetails { selector, hashes: false }),
    });
    let page = |label: String, list: ListAssets| Read { label, bar: "5 ms", request: Request::ListAssets(list) };
    let sorted = SORTS.into_iter().flat_map(|sort| [(sort, false), (sort, true)]).map(|(sort, descending)| {
        let way = if descending { "down" } else { "up" };
        page(format!("100 by {sort:?}, {way}"), ListAssets { sort, descending, ..ListAssets::default() })
    });
    let filtered = filters()
        .into_iter()
        .map(|(what, filter)| page(format!("100 by Address, {what}"), ListAssets { filter, ..ListAssets::default() }));
    let deep = ListAssets { cursor: Some(middle.to_string()), ..ListAssets::default() };
    details
        .into_iter()
        .chain(sorted)
        .chain(filtered)
        .chain([page("100 by Address, from the middle".into(), deep)])
        .collect()
}

fn filters() -> [(&'static str, ListFilter); 6] {
    let none = ListFilter::default;
    [
        ("text that some have", ListFilter { text: Some("7/item-00".into()), ..none() }),
        ("text that none has", ListFilter { text: Some("nowhere".into()), ..none() }),
        ("with a label", ListFilter { label: Some("third".into()), ..none() }),
        ("included", ListFilter { included: Some(true), ..none() }),
        ("with problems", ListFilter { problems: Some(true), ..none() }),
        ("without problems", ListFilter { problems: Some(false), ..none() }),
    ]
}

/// Times the reads while `work` goes on in another thread.
fn beside<T>(
    project: &Project,
    reads: &[Read],
    rounds: usize,
    mut work: impl FnMut() -> Outcome<T> + Send,
) -> Outcome<Vec<Vec<Duration>>> {
    let enough = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let worker = scope.spawn(|| -> Outcome {
            while !enough.load(Ordering::Relaxed) {
                work()?;
            }
            Ok(())
        });
        let times = timed_all(project, reads, rounds);
        enough.store(true, Ordering::Relaxed);
        worker.join().map_err(|_| crate::failure::Failure::new("the work beside the reads panicked"))??;
        times
    })
}

/// Times each read some times in each round; the first time of all is not counted.
fn timed_all(project: &Project, reads: &[Read], rounds: usize) -> Outcome<Vec<Vec<Duration>>> {
    const TIMES: usize = 5;
    let mut times = vec![Vec::new(); reads.len()];
    for round in 0..=rounds {
        for (read, times) in reads.iter().zip(&mut times) {
            for _ in 0..TIMES {
                let (took, _) = timed(|| ask(project, read.request.clone()))?;
                if round > 0 {
                    times.push(took);
                }
            }
        }
    }
    Ok(times)
}
