//! The pages of a doctor's findings. The pages of one look are of that look: nothing is looked at again for them.

use crate::diagnose::Diagnostic;
use crate::service::{Answer, Data, Status};
use crate::value::{AssetRef, OperationId};

/// A response holds at most so many of anything.
const PAGE: usize = 1_000;

/// What the last doctor found, where that is more than one page.
pub struct Examined {
    operation: OperationId,
    summary: String,
    findings: Vec<Diagnostic>,
    affected: Vec<AssetRef>,
    data: Data,
}

impl Examined {
    /// The first page of an answer. Where there are more, all of it is kept in `kept`, in place of what was there.
    #[must_use]
    pub fn first_page(answer: Answer, operation: OperationId, kept: &mut Option<Self>) -> Answer {
        let fits = answer.diagnostics.len() <= PAGE && answer.affected.len() <= PAGE;
        if fits || answer.status != Status::Ok {
            *kept = None;
            return answer;
        }
        let Answer { summary, affected, diagnostics, data, .. } = answer;
        kept.insert(Self { operation, summary, findings: diagnostics, affected, data }).page(0)
    }

    /// The page that a cursor names.
    #[must_use]
    pub fn page_at(kept: Option<&Self>, cursor: &str) -> Answer {
        let read = cursor.rsplit_once(':').and_then(|(operation, start)| {
            Some((operation.parse::<OperationId>().ok()?, start.parse::<usize>().ok()?))
        });
        let Some((operation, start)) = read else {
            return Answer::bad_request(
                format!("{cursor:?} is no cursor"),
                "take it from `next_cursor` of the last page",
            );
        };
        match kept.filter(|kept| kept.operation == operation && start < kept.findings.len()) {
            Some(kept) => kept.page(start),
            None => {
                let message = "what this doctor found is not kept any more";
                Answer::bad_request(message, "ask for the first page again, without a cursor")
            }
        }
    }

    fn page(&self, start: usize) -> Answer {
        let end = self.findings.len().min(start.saturating_add(PAGE));
        let cut = |all: usize| (all > PAGE).then_some(all as u64);
        let mut data = self.data.clone();
        if let Data::Doctor(doctor) = &mut data {
            doctor.diagnostics_total = cut(self.findings.len());
            doctor.affected_assets_total = cut(self.affected.len());
            doctor.next_cursor = (end < self.findings.len()).then(|| format!("{}:{end}", self.operation));
        }
        let affected = self.affected.iter().take(PAGE).cloned().collect();
        Answer { diagnostics: self.findings[start..end].to_vec(), ..Answer::ok(&self.summary, data).about(affected) }
    }
}
