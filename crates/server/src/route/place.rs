//! Where in a body the trouble is.
//!
//! What a body means is the library's to say, by [`Request`](packwright::service::Request) alone. Where that refuses one,
//! the fields are read once more as the service's own type, only to name the place.

use packwright::service::{
    AllowFindings, ApplyFixes, ApplyPlan, Build, Doctor, EditAsset, GetAssetDetails, GetBuildReport, GetCompileSurface,
    GetHistory, GetStatus, InitWorkspace, ListAssets, ListQuarantine, PruneCache, PurgeQuarantined, Recover,
    RegisterAsset, RelocateAsset, RemoveAsset, RestoreQuarantined, Revert, Selection, Service,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The path to what cannot be read in the fields of a request, as `filter.limit` or `selectors[2]`; `None` where it is
/// the whole.
pub(super) fn of(service: Service, mut fields: Map<String, Value>) -> Option<String> {
    fields.remove("service");
    if fields.contains_key("plan") || fields.contains_key("plan_id") {
        return inside::<ApplyPlan>(fields);
    }
    fields.remove("mode");
    match service {
        Service::InitWorkspace => inside::<InitWorkspace>(fields),
        Service::RegisterAsset => inside::<RegisterAsset>(fields),
        Service::IncludeAssetInBuild | Service::ExcludeAssetFromBuild => inside::<Selection>(fields),
        Service::RemoveAsset => inside::<RemoveAsset>(fields),
        Service::EditAsset => inside::<EditAsset>(fields),
        Service::RelocateAsset => inside::<RelocateAsset>(fields),
        Service::ListAssets => inside::<ListAssets>(fields),
        Service::GetAssetDetails => inside::<GetAssetDetails>(fields),
        Service::Doctor => inside::<Doctor>(fields),
        Service::AllowFindings => inside::<AllowFindings>(fields),
        Service::ApplyFixes => inside::<ApplyFixes>(fields),
        Service::Build => inside::<Build>(fields),
        Service::PruneCache => inside::<PruneCache>(fields),
        Service::GetBuildReport => inside::<GetBuildReport>(fields),
        Service::GetCompileSurface => inside::<GetCompileSurface>(fields),
        Service::GetStatus => inside::<GetStatus>(fields),
        Service::ListQuarantine => inside::<ListQuarantine>(fields),
        Service::RestoreQuarantined => inside::<RestoreQuarantined>(fields),
        Service::PurgeQuarantined => inside::<PurgeQuarantined>(fields),
        Service::GetHistory => inside::<GetHistory>(fields),
        Service::Revert => inside::<Revert>(fields),
        Service::Recover => inside::<Recover>(fields),
    }
}

fn inside<T: DeserializeOwned>(fields: Map<String, Value>) -> Option<String> {
    let error = serde_path_to_error::deserialize::<_, T>(Value::Object(fields)).err()?;
    let path = error.path().to_string();
    (path != ".").then_some(path)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn place(service: Service, fields: Value) -> Option<String> {
        let Value::Object(fields) = fields else { panic!("an object") };
        of(service, fields)
    }

    #[test]
    fn the_place_is_named_by_its_path() {
        assert_eq!(place(Service::ListAssets, json!({"filter": {"included": 1}})).as_deref(), Some("filter.included"));
        let selectors = json!({"selectors": ["a", 1], "files": "keep", "mode": "preview"});
        assert_eq!(place(Service::RemoveAsset, selectors).as_deref(), Some("selectors[1]"));
        assert_eq!(place(Service::RemoveAsset, json!({"plan_id": 1})).as_deref(), Some("plan_id"));
        assert_eq!(place(Service::GetAssetDetails, json!({})), None);
    }
}
