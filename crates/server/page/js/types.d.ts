// What the page knows of the service's types. The types themselves are made from the service's own description:
// `cargo xtask codegen` writes `service.d.ts`.

export type State = "healthy" | "stale" | "diverged" | "committing" | "reconciling" | "failed";
export type Severity = "error" | "warning" | "info";
export type Status = "ok" | "preview" | "blocked" | "failed" | "indeterminate" | "cancelled" | "running";
export type OperationClass = "read_only" | "registry_mutation" | "workspace_mutation";
export type Nature = "additive" | "edit" | "relocational" | "destructive";

export interface AssetRef { asset_id: number | null; address: string | null; root: string }
export interface Cause { operation_id: string; sequence: number }
export interface Reason { code: string; message: string; count?: number | null; cause?: Cause | null }
export interface RuntimeState { state: State; reasons: Reason[] }
export interface Place { line?: number; column?: number; end_line?: number; end_column?: number }
export interface Location extends Place { path: string; pointer?: string }
export interface Related extends Location { message: string }
export interface Fix { title: string; applicability: "safe" | "unsafe" | "display_only"; [more: string]: unknown }
export interface Diagnostic {
  code: string; name: string; class: "structural" | "hygiene"; severity: Severity; message: string;
  asset: AssetRef | null; location: Location | null; related?: Related[]; related_total?: number;
  wasted_bytes?: number; help?: string; fix?: Fix; fingerprint: string;
}
export interface Action {
  action_id: number; nature: Nature; kind: string; from?: string; to?: string; path?: string; files?: number; bytes?: number;
  before?: unknown; after?: unknown; [more: string]: unknown;
}
export interface Blocker { code: string; message: string; help: string }
export interface Plan {
  plan_id: string; request: { service: ServiceName; [field: string]: unknown }; revision: number; expires_at: string;
  consent_required: Nature[]; minted: Record<string, unknown>; actions: Action[];
  relied_on: { path?: string; registry_entry?: number; address_free?: string; digest?: string | null }[];
  outcome: {
    addresses_removed: string[]; addresses_added: string[]; pack_parts_removed: number;
    diagnostics_appearing: Diagnostic[]; diagnostics_clearing: Diagnostic[];
  };
}
export interface Response<D = any> {
  status: Status; service: ServiceName | null; operation_class: OperationClass | null; operation_id: string | null;
  project_id: string | null; revision: number | null; runtime_state: RuntimeState; summary: string;
  affected_assets: AssetRef[]; diagnostics: Diagnostic[]; proposed_actions: Action[]; applied_actions: Action[];
  blockers: Blocker[]; data: D;
}

export interface ListedAsset {
  asset_id: number | null; uuid: string | null; address: string | null; root: string; registered: boolean; included: boolean;
  quarantined: boolean; importer: string | null; labels: string[]; sources: number; bytes: number; parts: number | null;
  state: State; worst: Severity | null; last_built: string | null;
}
export interface ListFilter {
  text?: string; included?: boolean; registered?: boolean; quarantined?: boolean; label?: string; importer?: string;
  problems?: boolean; state?: State;
}
export type ListSort = "address" | "root" | "asset_id" | "bytes" | "parts" | "last_built" | "worst";
export interface FileDetails { path: string; size: number; hash: string | null }
export interface PartDetails { name: string; format: string; bytes: number; hash: string; metadata: Record<string, unknown>; reason: string }
export interface LastBuild { at: string; pack: string }
export interface PastOperation {
  operation_id: string; service: string; at: string; summary: string; affected_assets: AssetRef[]; applied_actions: Action[];
  irreversible: boolean; reverts: string | null; reverted_by: string | null;
}
export interface DetailsData {
  asset: ListedAsset; manifest: Record<string, any> | null; files: FileDetails[]; part_list: PartDetails[];
  diagnostics: Diagnostic[]; last_build: LastBuild | null; history: PastOperation[];
}
export interface LaneOperation { operation_id: string; service: ServiceName }
export interface StatusData {
  name: string | null; path: string; lane: { running: LaneOperation | null; queued: LaneOperation[] };
  watcher: { active: boolean; message: string | null };
  counts: { registered: number; included: number; unregistered: number; sources: number; bytes: number; structural: number };
  last_build: LastBuild | null; run_id: string;
}
export interface DoctorData {
  counts: Record<string, number>; checks: string[]; failed: { check: string; message: string }[]; unchecked_sources: number;
  allowed: number; off: string[]; diagnostics_total?: number; next_cursor: string | null;
}
export interface PackData { path: string; hash: string; bytes: number; assets: number; parts: number }
export interface BuildData {
  outcome: "built" | "unchanged" | "up_to_date" | "outdated" | "equal" | "different"; pack: PackData | null;
  cache: { hits: number; misses: number }; reasons: Record<string, number>; differences?: string[]; elapsed_ms: number;
}
export interface QuarantineEntry { entry_id: string; origin: string; asset: AssetRef; since: string; files: number; bytes: number }

interface Services {
  list_assets: [{ filter?: ListFilter; sort?: ListSort; descending?: boolean; cursor?: string; limit?: number },
    { assets: ListedAsset[]; total: number; next_cursor: string | null }];
  get_asset_details: [{ selector: string; hashes?: boolean }, DetailsData];
  get_status: [{ barrier?: boolean }, StatusData];
  doctor: [{ scope?: "registered" | "workspace"; deep?: boolean; only?: string[]; cursor?: string }, DoctorData];
  build: [{ full?: boolean; check?: boolean; verify?: boolean }, BuildData];
  get_build_report: [{}, any];
  list_quarantine: [{}, { entries: QuarantineEntry[] }];
  get_history: [{ limit?: number; cursor?: string }, { operations: PastOperation[]; next_cursor?: string | null }];
  init_workspace: [any, any];
  register_asset: [Ask<{ roots: string[]; recursive?: boolean; as_copy?: boolean; address?: string; importer?: string; included?: boolean }>, any];
  include_asset_in_build: [Ask<{ selectors: string[] }>, any];
  exclude_asset_from_build: [Ask<{ selectors: string[] }>, any];
  remove_asset: [Ask<{ selectors: string[]; files?: "keep" | "quarantine" | "delete" }>, any];
  edit_asset: [Ask<{ selector: string; set: Record<string, unknown> }>, any];
  relocate_asset: [Ask<{ selector: string; to: string }>, any];
  restore_quarantined: [Ask<{ entry_id: string }>, any];
  purge_quarantined: [Ask<{ entry_ids: string[] }>, any];
  apply_fixes: [Ask<{ scope?: "registered" | "workspace"; only?: string[]; fingerprints?: string[] }>, any];
  allow_findings: [Ask<{ reason: string; only?: string[] }>, any];
  revert: [Ask<{ operation_id: string }>, any];
  recover: [Ask<{ choice?: "undo" | "keep" }>, any];
  get_compile_surface: [{}, { addressables: { address: string; asset_id: number }[]; in_pack: string | null }];
}
type Ask<T> = (T & { mode?: "preview" | "apply" }) | { plan_id: string; consent: Nature[] };
export type ServiceName = keyof Services;
export type RequestOf<S extends ServiceName> = Services[S][0];
export type ResponseOf<S extends ServiceName> = Response<Services[S][1]>;

export interface PackerEvent {
  project_id: string; operation_id: string; sequence: number; cursor: number; kind: string; timestamp: string; summary: string;
  terminal: boolean; revision: number | null; cause: Cause | null;
  progress: { phase: string; done: number; total: number; bytes_done: number; bytes_total: number } | null;
  affected_assets: AssetRef[]; payload: Record<string, any>;
}
export interface ProjectListed { project_id: string | null; name: string | null; path: string; diagnostics?: Diagnostic[] }
