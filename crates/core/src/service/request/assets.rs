//! What is asked of assets: to register, include, remove, edit, move, list and show them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::snapshot::State;

/// Takes asset roots into the registered world. One operation and one commit, however many roots.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterAsset {
    /// Folders, relative to the assets folder. Files among them are passed over with a note.
    pub roots: Vec<String>,
    /// Register every folder below that holds a manifest, instead of each root as one.
    #[serde(default)]
    pub recursive: bool,
    /// Give a copied folder a UUID and address of its own.
    #[serde(default)]
    pub as_copy: bool,
    /// The address, where one root without a manifest is registered.
    #[serde(default)]
    pub address: Option<String>,
    /// The importer of the manifests that are written.
    #[serde(default)]
    pub importer: Option<String>,
    /// Whether the assets enter the build.
    #[serde(default = "default_true")]
    pub included: bool,
}

fn default_true() -> bool {
    true
}

/// The assets that a request is about.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Selection {
    /// Addresses (or globs over them), roots, UUIDs or ids.
    pub selectors: Vec<String>,
}

/// Takes assets out of the registered world.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveAsset {
    /// Addresses (or globs over them), roots, UUIDs or ids.
    pub selectors: Vec<String>,
    /// What becomes of the files.
    #[serde(default)]
    pub files: Files,
}

/// What becomes of a removed asset's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Files {
    /// They stay where they are, as an unregistered root.
    #[default]
    Keep,
    /// They go to quarantine, whole, until they are restored or purged.
    Quarantine,
    /// They are deleted, for good.
    Delete,
}

/// Changes what the manifest of one asset says. What is not named stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditAsset {
    /// Address, root, UUID or id.
    pub selector: String,
    /// What it is to say.
    pub set: ManifestSet,
}

/// What a manifest is to say; null takes a member out, so that its default holds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ManifestSet {
    /// The address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// These labels and no others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<Vec<String>>,
    /// Whether to preload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preload: Option<bool>,
    /// `auto`, an importer's name, or a list of `{"pattern", "importer"}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<ImporterSet>")]
    pub importer: Option<Value>,
    /// Settings by importer, taken into those that are there; null takes one out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settings: Option<Map<String, Value>>,
    /// Patterns; null for every file.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub sources: Option<Option<Vec<String>>>,
}

/// How the choice of an importer is spelled. The service itself reads it, and says what is wrong with it.
#[derive(JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "ImporterSet")]
#[expect(dead_code, reason = "for its schema alone")]
enum ImporterSet {
    /// `auto`, or an importer's name.
    Name(String),
    /// The last pattern that matches wins.
    List(Vec<ImporterRule>),
}

/// One rule of a choice.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "for its schema alone")]
struct ImporterRule {
    /// Sources, relative to the root.
    pattern: String,
    /// Who imports them.
    importer: String,
}

/// A field that is there, null or not.
fn given<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Moves an asset root; id, UUID and address stay.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RelocateAsset {
    /// Address, root, UUID or id.
    pub selector: String,
    /// The new root, relative to the assets folder.
    pub to: String,
}

/// Lists assets.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "ListAssetsRequest")]
pub struct ListAssets {
    /// Which ones.
    pub filter: ListFilter,
    /// In what order.
    pub sort: ListSort,
    /// Largest first.
    pub descending: bool,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// How many at most: 100 where nothing is said, and never more than 10,000.
    pub limit: Option<u32>,
}

/// Which assets to list; what is not said does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ListFilter {
    /// Text in address or root.
    pub text: Option<String>,
    /// In the build or not.
    pub included: Option<bool>,
    /// Registered or not.
    pub registered: Option<bool>,
    /// In quarantine or not.
    pub quarantined: Option<bool>,
    /// With this label.
    pub label: Option<String>,
    /// With this importer in its manifest.
    pub importer: Option<String>,
    /// With diagnostics or without.
    pub problems: Option<bool>,
    /// In this state.
    pub state: Option<State>,
}

/// What assets are sorted by; ties are settled by root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is the field of a listed asset of that name")]
pub enum ListSort {
    #[default]
    Address,
    Root,
    AssetId,
    Bytes,
    Parts,
    LastBuilt,
    Worst,
}

/// All that is known of one asset.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "GetAssetDetailsRequest")]
pub struct GetAssetDetails {
    /// Address, root, UUID or id.
    pub selector: String,
    /// Read the sources whose hash is not known yet, so that each content can be asked for by its hash. What is found is
    /// remembered, and a source is read again only when it has changed.
    #[serde(default)]
    pub hashes: bool,
}
