// The names that the page has for the service's types. The types themselves are in `service.d.ts`, which
// `cargo xtask codegen` makes from the service's own description.

import type * as service from "./service.js";

export type {
  AssetRef, Blocker, Cause, FileDetails, LaneOperation, LastBuild, ListedAsset, ListFilter, ListSort, Location, Nature, OperationClass, PackData,
  Reason, Related, RuntimeState, Severity, State, StatusData, DoctorData, BuildData,
} from "./service.js";

import type { AssetRef, Blocker, ListedAsset, Nature, OperationClass, RuntimeState } from "./service.js";

/** How an operation ended, or that it has not. */
export type Status = service.Status | "running";
export type Place = Omit<service.Location, "path" | "pointer">;
export type Fix = service.Fix;
export type Diagnostic = service.Diagnostic;

/** An action of any kind: what some kinds have is optional here. */
export type Action = Everything<service.Action> & { files?: number; bytes?: number; lines?: string[]; before?: any; after?: any };
export type Plan = Omit<service.Plan, "actions" | "relied_on" | "request"> & {
  actions: Action[]; relied_on: Everything<service.Receipt>[]; request: { service: ServiceName; [field: string]: unknown };
};
export type PastOperation = Omit<service.PastOperation, "applied_actions"> & { applied_actions: Action[] };
export type PartDetails = Omit<service.PartDetails, "metadata"> & { metadata: Record<string, unknown> };
export type DetailsData = Omit<service.DetailsData, "manifest" | "part_list" | "history"> & {
  manifest: Record<string, any> | null; part_list: PartDetails[]; history: PastOperation[];
};
export type QuarantineEntry = service.ListedEntry;
export type PackerEvent = Omit<service.Event, "payload"> & { payload: Record<string, any> };
export type ProjectListed = service.ProjectsData["projects"][number];

/** The answer of a service, or of the host in its place. */
export interface Response<D = any> {
  status: Status; service: ServiceName | null; operation_class: OperationClass | null; operation_id: string | null;
  project_id: string | null; revision: number | null; runtime_state: RuntimeState; summary: string;
  affected_assets: AssetRef[]; diagnostics: Diagnostic[]; proposed_actions: Action[]; applied_actions: Action[];
  blockers: Blocker[]; data: D;
}

/** What each service is asked, and the data of its answer. */
interface Services {
  list_assets: [service.ListAssetsRequest, { assets: ListedAsset[]; total: number; next_cursor: string | null }];
  get_asset_details: [service.GetAssetDetailsRequest, DetailsData];
  get_status: [service.GetStatusRequest, service.StatusData];
  doctor: [service.DoctorRequest, service.DoctorData & { diagnostics_total?: number }];
  build: [service.BuildRequest, service.BuildData];
  prune_cache: [service.PruneCacheRequest, service.PruneData];
  get_build_report: [{}, any];
  list_quarantine: [service.ListQuarantineRequest, service.QuarantineData];
  get_history: [service.GetHistoryRequest, { operations: PastOperation[]; next_cursor?: string | null }];
  init_workspace: [service.InitWorkspaceRequest, any];
  register_asset: [Ask<service.RegisterAssetRequest>, any];
  include_asset_in_build: [Ask<service.SelectionRequest>, any];
  exclude_asset_from_build: [Ask<service.SelectionRequest>, any];
  remove_asset: [Ask<service.RemoveAssetRequest>, any];
  edit_asset: [Ask<service.EditAssetRequest>, any];
  relocate_asset: [Ask<service.RelocateAssetRequest>, any];
  restore_quarantined: [Ask<service.RestoreQuarantinedRequest>, any];
  purge_quarantined: [Ask<service.PurgeQuarantinedRequest>, any];
  apply_fixes: [Ask<service.ApplyFixesRequest>, any];
  allow_findings: [Ask<service.AllowFindingsRequest>, any];
  revert: [Ask<service.RevertRequest>, any];
  recover: [Ask<service.RecoverRequest>, any];
  get_compile_surface: [service.GetCompileSurfaceRequest, service.SurfaceData];
}

/** A mutation, or the plan of one that is to be applied. */
type Ask<T> = Exclude<T, { consent?: unknown }> | { plan_id: string; consent: Nature[] };
/** What any member of a union has, as optional. */
type Everything<T> = { [K in Keys<T>]?: T extends Partial<Record<K, infer V>> ? V : never } & Pick<T, keyof T>;
type Keys<T> = T extends unknown ? keyof T : never;

export type ServiceName = keyof Services;
export type RequestOf<S extends ServiceName> = Services[S][0];
export type ResponseOf<S extends ServiceName> = Response<Services[S][1]>;
