// Made by `cargo xtask codegen` from the service's description of itself.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description One step of a mutation. */
        Action: {
            /**
             * Format: uint32
             * @description Counts from 1 within the operation.
             */
            action_id: number;
            /** @description What it risks. */
            nature: components["schemas"]["Nature"];
        } & ({
            /**
             * Format: uint64
             * @description Its bytes.
             */
            bytes: number;
            /** @constant */
            kind: "write_file";
            /** @description The file. */
            path: string;
        } | {
            /**
             * Format: uint64
             * @description Its bytes.
             */
            bytes: number;
            /** @constant */
            kind: "remove_file";
            /** @description The file. */
            path: string;
        } | {
            /** @description And after. */
            after: unknown;
            /** @description The members that change, before. */
            before: unknown;
            /** @constant */
            kind: "edit_manifest";
            /** @description The manifest. */
            path: string;
        } | {
            /**
             * Format: uint64
             * @description Its bytes then.
             */
            bytes: number;
            /** @constant */
            kind: "restore_file";
            /** @description The file. */
            path: string;
        } | {
            /**
             * Format: uint64
             * @description Its bytes before.
             */
            bytes: number;
            /** @constant */
            kind: "rewrite_registry";
            /** @description The registry. */
            path: string;
        } | {
            /** @description The entry. */
            after: unknown;
            /** @description Nothing. */
            before: unknown;
            /** @constant */
            kind: "registry_add";
        } | {
            /** @description The entry that is. */
            after: unknown;
            /** @description The entry that was. */
            before: unknown;
            /** @constant */
            kind: "registry_update";
        } | {
            /** @description Nothing. */
            after: unknown;
            /** @description The entry. */
            before: unknown;
            /** @constant */
            kind: "registry_remove";
        } | {
            /** @constant */
            kind: "append_lines";
            /** @description The lines. */
            lines: string[];
            /** @description The file. */
            path: string;
        } | {
            /**
             * Format: uint64
             * @description Their bytes.
             */
            bytes: number;
            /**
             * Format: uint64
             * @description How many files are in it.
             */
            files: number;
            /** @description From here. */
            from: string;
            /** @constant */
            kind: "move_root";
            /** @description To here. */
            to: string;
        } | {
            /**
             * Format: uint64
             * @description Their bytes.
             */
            bytes: number;
            /**
             * Format: uint64
             * @description How many files are in it.
             */
            files: number;
            /** @constant */
            kind: "delete_root";
            /** @description The root. */
            path: string;
        } | {
            /**
             * Format: uint64
             * @description Their bytes.
             */
            bytes: number;
            /**
             * Format: uint64
             * @description How many files are in it.
             */
            files: number;
            /** @constant */
            kind: "purge_entry";
            /** @description The entry's folder. */
            path: string;
        } | {
            /** @constant */
            kind: "settle";
            /** @description The operation. */
            operation_id: string;
            /** @description What becomes of it. */
            outcome: string;
        });
        /** @description All that a compiler needs of an asset. */
        Addressable: {
            /** @description Its logical name. */
            address: string;
            /**
             * Format: uint32
             * @description Its run-time number.
             */
            asset_id: number;
        };
        /** @description Of `allow_findings`. */
        AllowData: {
            /** @description What was added to the settings. */
            entries: components["schemas"]["AllowedPath"][];
            /**
             * Format: uint64
             * @description How many findings there were that are allowed now.
             */
            findings: number;
        };
        /** @description One entry of `[[doctor.allow]]`. */
        AllowedPath: {
            /** @description The findings' code. */
            code: components["schemas"]["Code"];
            /** @description The pattern of their paths. */
            path: string;
        };
        AllowFindingsRequest: {
            /** @default apply */
            mode?: components["schemas"]["Mode"];
            /**
             * @description The codes to allow; all where empty.
             * @default []
             */
            only?: string[];
            /** @description Why. */
            reason: string;
        } | ({
            /**
             * @description What somebody said yes to.
             * @default []
             */
            consent?: components["schemas"]["Nature"][];
            /** @description A plan from a file. It is planned again, and must come out the same. */
            plan?: components["schemas"]["PlanFile"] | null;
            /**
             * Format: uuid
             * @description A plan that the runtime keeps.
             */
            plan_id?: string | null;
        } & (unknown | unknown));
        /** @description How far a fix can be trusted. */
        Applicability: "safe" | "unsafe" | "display_only";
        ApplyFixesRequest: {
            /**
             * @description The findings to fix; all that can be where empty.
             * @default []
             */
            fingerprints?: string[];
            /** @default apply */
            mode?: components["schemas"]["Mode"];
            /**
             * @description Codes to fix; all where empty.
             * @default []
             */
            only?: string[];
            /**
             * @description How much to look at.
             * @default registered
             */
            scope?: components["schemas"]["Scope"];
        } | ({
            /**
             * @description What somebody said yes to.
             * @default []
             */
            consent?: components["schemas"]["Nature"][];
            /** @description A plan from a file. It is planned again, and must come out the same. */
            plan?: components["schemas"]["PlanFile"] | null;
            /**
             * Format: uuid
             * @description A plan that the runtime keeps.
             */
            plan_id?: string | null;
        } & (unknown | unknown));
        /** @description How responses, events and diagnostics name an asset. What is not known is null. */
        AssetRef: {
            /** @description Its address; null where the manifest does not say one. */
            address: string | null;
            /**
             * Format: uint32
             * @description Its id; null for what is not registered.
             */
            asset_id: number | null;
            /** @description Its root, relative to the assets folder; what the registry says, where that is no path. */
            root: string;
        };
        /** @description What one asset takes. */
        AssetShare: {
            /** @description Its address then. */
            address: string;
            /**
             * Format: uint32
             * @description Which.
             */
            asset_id: number;
            /**
             * Format: uint64
             * @description Bytes, decompressed.
             */
            bytes: number;
            /** @description The format that takes most of it; null where it has no parts. */
            kind: string | null;
            /**
             * Format: uint64
             * @description How many parts.
             */
            parts: number;
            /** @description Its root now, relative to the assets folder; null where it is not registered any more. */
            root: string | null;
            /**
             * Format: uint64
             * @description Bytes in the pack.
             */
            stored_bytes: number;
        };
        /** @description One big part. */
        BigPart: {
            /** @description The asset's address then. */
            address: string;
            /**
             * Format: uint32
             * @description Its asset.
             */
            asset_id: number;
            /**
             * Format: uint64
             * @description Bytes, decompressed.
             */
            bytes: number;
            /** @description Its format. */
            format: string;
            /** @description Of the bytes, decompressed. */
            hash: string;
            /** @description Its name. */
            name: string;
            /**
             * Format: uint64
             * @description Bytes in the pack.
             */
            stored_bytes: number;
        };
        /** @description One reason why nothing was done. */
        Blocker: {
            /** @description Its code. */
            code: components["schemas"]["BlockerCode"];
            /** @description What would lift it. */
            help: string;
            /** @description What stands in the way. */
            message: string;
        };
        /** @description Why nothing was done, in a word. */
        BlockerCode: ("consent_required" | "plan_stale" | "plan_unknown" | "plan_expired" | "plan_used" | "bad_request" | "not_found" | "ambiguous" | "not_registered" | "address_taken" | "uuid_taken" | "id_taken" | "root_taken" | "origin_occupied" | "nested_root" | "holds_roots" | "not_a_folder" | "manifest_invalid" | "manifest_exists" | "structural_errors" | "workspace_locked" | "lock_unproven" | "read_only" | "no_workspace" | "project_id_in_use" | "recovery_needed" | "cross_device" | "output_in_use" | "irreversible" | "over_limit") | "unauthorized" | "forbidden";
        /** @description Of `build`. */
        BuildData: {
            /** @description Parts that were there and parts that were made. */
            cache: components["schemas"]["CacheData"];
            /** @description Where `--verify` found the two builds to differ. */
            differences?: string[];
            /**
             * Format: uint64
             * @description Milliseconds from start to end.
             */
            elapsed_ms: number;
            /** @description What came of it. */
            outcome: components["schemas"]["BuildOutcome"];
            /** @description The pack; null where there is none. */
            pack: components["schemas"]["PackData"] | null;
            /** @description How many parts were made, by reason. */
            reasons: {
                [key: string]: number;
            };
        };
        /** @description What came of a build. */
        BuildOutcome: "built" | "unchanged" | "up_to_date" | "outdated" | "equal" | "different";
        /** @description Makes the pack. */
        BuildRequest: {
            /**
             * @description Write nothing; say whether the outputs are what a build would write.
             * @default false
             */
            check?: boolean;
            /**
             * @description Ignore cache and listing.
             * @default false
             */
            full?: boolean;
            /**
             * @description Build both ways and compare.
             * @default false
             */
            verify?: boolean;
        };
        /** @description Parts that were there and parts that were made. */
        CacheData: {
            /**
             * Format: uint64
             * @description An earlier build had made them.
             */
            hits: number;
            /**
             * Format: uint64
             * @description Made now.
             */
            misses: number;
        };
        /** @description The event that brought an operation about. */
        Cause: {
            /**
             * Format: uuid
             * @description The operation that said it.
             */
            operation_id: string;
            /**
             * Format: uint64
             * @description Its number in there.
             */
            sequence: number;
        };
        /** @description One of them. */
        ChangedAsset: {
            /** @description Its address; the one it has now, where it has another. */
            address: string;
            /**
             * Format: uint64
             * @description In this one.
             */
            after: number;
            /**
             * Format: uint32
             * @description Its id.
             */
            asset_id: number;
            /**
             * Format: uint64
             * @description The bytes of its parts in the pack before; 0 where that had none.
             */
            before: number;
        };
        /** @description Assets that are otherwise in some way. */
        ChangedAssets: {
            /** @description Those that make the most of that, at most 100. */
            assets: components["schemas"]["ChangedAsset"][];
            /**
             * Format: int64
             * @description How many bytes the pack is longer by all of them; negative where it is shorter.
             */
            bytes: number;
            /**
             * Format: uint64
             * @description How many.
             */
            total: number;
        };
        /** @description What a pack holds otherwise than the one before it. */
        Changes: {
            /** @description Assets that it had not. */
            added: components["schemas"]["ChangedAssets"];
            /** @description Assets that have other parts, or another address. */
            changed: components["schemas"]["ChangedAssets"];
            /** @description Its hash. */
            pack: string;
            /** @description Assets that it had and this one has not. */
            removed: components["schemas"]["ChangedAssets"];
            /** @description When the one before was built, RFC 3339. */
            since: string;
        };
        /** @description Whether a finding blocks. */
        Class: "structural" | "hygiene";
        /** @description A diagnostic's code. */
        Code: "S101" | "S102" | "S103" | "S104" | "S105" | "S106" | "S107" | "S108" | "S201" | "S202" | "S203" | "S204" | "S205" | "S206" | "S207" | "S208" | "S209" | "S210" | "S211" | "S212" | "S213" | "H301" | "H302" | "H303" | "H304" | "H305" | "H306" | "H307" | "H308" | "H309" | "H310" | "H311" | "H314" | "H315" | "H316" | "H317" | "H318";
        /** @description Where the bytes of a pack go. */
        Composition: {
            /** @description The assets that take most of the pack, most first; at most 2,000. */
            assets: components["schemas"]["AssetShare"][];
            /** @description All parts by format, most of the pack first. */
            kinds: components["schemas"]["KindShare"][];
            /** @description All others, summed by the first folder of their roots; in order of the folders. */
            rest: components["schemas"]["FolderShare"][];
        };
        /** @description How many of what. */
        CountsData: {
            /**
             * Format: uint64
             * @description Their bytes.
             */
            bytes: number;
            /**
             * Format: uint64
             * @description In the build.
             */
            included: number;
            /**
             * Format: uint64
             * @description In the registry.
             */
            registered: number;
            /**
             * Format: uint64
             * @description Sources of registered assets.
             */
            sources: number;
            /**
             * Format: uint64
             * @description Structural findings.
             */
            structural: number;
            /**
             * Format: uint64
             * @description Asset roots that no entry names.
             */
            unregistered: number;
        };
        /** @description What a service answers beside the common fields. */
        Data: components["schemas"]["InitData"] | components["schemas"]["RegisterData"] | components["schemas"]["InclusionData"] | components["schemas"]["QuarantineData"] | components["schemas"]["EditData"] | components["schemas"]["RelocateData"] | components["schemas"]["ListData"] | components["schemas"]["DetailsData"] | components["schemas"]["DoctorData"] | components["schemas"]["AllowData"] | components["schemas"]["FixesData"] | components["schemas"]["BuildData"] | components["schemas"]["PruneData"] | components["schemas"]["SurfaceData"] | components["schemas"]["ReportData"] | components["schemas"]["StatusData"] | components["schemas"]["HistoryData"] | components["schemas"]["RecoverData"] | components["schemas"]["PlanData"] | components["schemas"]["NoData"];
        /** @description Of `get_asset_details`. */
        DetailsData: {
            /** @description As in a list. */
            asset: components["schemas"]["ListedAsset"];
            /** @description What is wrong with it. */
            diagnostics: components["schemas"]["Diagnostic"][];
            /** @description The sources. */
            files: components["schemas"]["FileDetails"][];
            /** @description Operations that changed it, newest first. */
            history: components["schemas"]["PastOperation"][];
            /** @description The last build that had it. */
            last_build: components["schemas"]["LastBuild"] | null;
            /** @description The manifest as it is written; null where it does not parse. */
            manifest: unknown;
            /** @description The parts of the last build. */
            part_list: components["schemas"]["PartDetails"][];
        };
        /**
         * @description One finding.
         *
         *     The message starts in lower case, stands on its own and has no full stop; only `help` suggests.
         */
        Diagnostic: {
            /** @description The asset it belongs to. */
            asset: components["schemas"]["AssetRef"] | null;
            /** @description Structural or hygiene. */
            class: components["schemas"]["Class"];
            /** @description Its code. */
            code: components["schemas"]["Code"];
            /** @description Stands for the finding, and stays the same when lines move. */
            fingerprint: string;
            /** @description What would put it right. */
            fix?: components["schemas"]["Fix"] | null;
            /** @description What to do. */
            help?: string | null;
            /** @description Where. */
            location: components["schemas"]["Location"] | null;
            /** @description What is wrong. */
            message: string;
            /** @description The code's name. */
            name: string;
            /** @description Other places that belong to it. */
            related?: components["schemas"]["Related"][];
            /**
             * Format: uint32
             * @description How many there are, where the list was cut.
             */
            related_total?: number | null;
            /** @description How bad. */
            severity: components["schemas"]["Severity"];
            /**
             * Format: uint64
             * @description Bytes that are there more often than once, where that is what it is about.
             */
            wasted_bytes?: number | null;
        };
        /** @description Of `doctor`. */
        DoctorData: {
            /**
             * Format: uint64
             * @description How many assets they are about, where the list was cut.
             */
            affected_assets_total?: number | null;
            /**
             * Format: uint64
             * @description Findings that the settings allow; they are in none of the other counts.
             */
            allowed: number;
            /** @description The checks that ran. */
            checks: string[];
            /** @description Findings by code. */
            counts: {
                [key: string]: number;
            };
            /**
             * Format: uint64
             * @description How many findings there are, where this answer holds a page of them.
             */
            diagnostics_total?: number | null;
            /** @description The checks that could not run, each with why. */
            failed: components["schemas"]["FailedCheck"][];
            /** @description Where the next page begins; null on the last. */
            next_cursor: string | null;
            /** @description Codes that the settings turn off. */
            off: components["schemas"]["Code"][];
            /**
             * Format: uint64
             * @description Sources whose content no build has looked at since they changed.
             */
            unchecked_sources: number;
        };
        /** @description Says what is wrong; changes nothing. */
        DoctorRequest: {
            /**
             * @description Where the last page of a doctor's findings ended: the next is of the same look, and nothing is looked at again.
             * @default null
             */
            cursor?: string | null;
            /**
             * @description Decode every source in full, hash every file of the cache and the last pack.
             * @default false
             */
            deep?: boolean;
            /**
             * @description Codes to look for; all where empty. Naming one of hygiene looks at the workspace for it.
             * @default []
             */
            only?: string[];
            /**
             * @description How much to look at.
             * @default registered
             */
            scope?: components["schemas"]["Scope"];
        };
        /** @description What this service did itself: the fields of a response. */
        Done: {
            /** @description Empty. */
            affected_assets: components["schemas"]["AssetRef"][];
            /** @description What was done, where a workspace was made. */
            applied_actions: components["schemas"]["Action"][];
            /** @description Empty. */
            blockers: components["schemas"]["Blocker"][];
            /** @description The answer. */
            data: components["schemas"]["ProjectsData"];
            /** @description Empty: each project in `data` has its own. */
            diagnostics: components["schemas"]["Diagnostic"][];
            /** @description What it could change; null where no service was asked. */
            operation_class: components["schemas"]["OperationClass"] | null;
            /**
             * Format: uuid
             * @description The operation; null where none began.
             */
            operation_id: string | null;
            /**
             * Format: uuid
             * @description The project; null where it is about none, or its settings do not say.
             */
            project_id: string | null;
            /** @description Empty. */
            proposed_actions: components["schemas"]["Action"][];
            /**
             * Format: uint64
             * @description Null: each project in `data` has its own.
             */
            revision: number | null;
            /** @description Of no project: each project in `data` has its own. */
            runtime_state: components["schemas"]["RuntimeState"];
            /** @description The service; null where none was asked. */
            service: components["schemas"]["Service"] | null;
            /** @description How it ended. */
            status: components["schemas"]["Word"];
            /** @description What happened, in one line. */
            summary: string;
        };
        /** @description What this service did itself: the fields of a response. */
        Done2: {
            /** @description Empty. */
            affected_assets: components["schemas"]["AssetRef"][];
            /** @description What was done, where a workspace was made. */
            applied_actions: components["schemas"]["Action"][];
            /** @description Empty. */
            blockers: components["schemas"]["Blocker"][];
            /** @description The answer. */
            data: components["schemas"]["OpenedData"];
            /** @description Empty: each project in `data` has its own. */
            diagnostics: components["schemas"]["Diagnostic"][];
            /** @description What it could change; null where no service was asked. */
            operation_class: components["schemas"]["OperationClass"] | null;
            /**
             * Format: uuid
             * @description The operation; null where none began.
             */
            operation_id: string | null;
            /**
             * Format: uuid
             * @description The project; null where it is about none, or its settings do not say.
             */
            project_id: string | null;
            /** @description Empty. */
            proposed_actions: components["schemas"]["Action"][];
            /**
             * Format: uint64
             * @description Null: each project in `data` has its own.
             */
            revision: number | null;
            /** @description Of no project: each project in `data` has its own. */
            runtime_state: components["schemas"]["RuntimeState"];
            /** @description The service; null where none was asked. */
            service: components["schemas"]["Service"] | null;
            /** @description How it ended. */
            status: components["schemas"]["Word"];
            /** @description What happened, in one line. */
            summary: string;
        };
        /** @description What this service did itself: the fields of a response. */
        Done3: {
            /** @description Empty. */
            affected_assets: components["schemas"]["AssetRef"][];
            /** @description What was done, where a workspace was made. */
            applied_actions: components["schemas"]["Action"][];
            /** @description Empty. */
            blockers: components["schemas"]["Blocker"][];
            /** @description The answer. */
            data: components["schemas"]["ExplainedData"];
            /** @description Empty: each project in `data` has its own. */
            diagnostics: components["schemas"]["Diagnostic"][];
            /** @description What it could change; null where no service was asked. */
            operation_class: components["schemas"]["OperationClass"] | null;
            /**
             * Format: uuid
             * @description The operation; null where none began.
             */
            operation_id: string | null;
            /**
             * Format: uuid
             * @description The project; null where it is about none, or its settings do not say.
             */
            project_id: string | null;
            /** @description Empty. */
            proposed_actions: components["schemas"]["Action"][];
            /**
             * Format: uint64
             * @description Null: each project in `data` has its own.
             */
            revision: number | null;
            /** @description Of no project: each project in `data` has its own. */
            runtime_state: components["schemas"]["RuntimeState"];
            /** @description The service; null where none was asked. */
            service: components["schemas"]["Service"] | null;
            /** @description How it ended. */
            status: components["schemas"]["Word"];
            /** @description What happened, in one line. */
            summary: string;
        };
        /** @description Parts with the same bytes. */
        DuplicateParts: {
            /** @description The assets that have them, by address; at most 20. */
            addresses: string[];
            /**
             * Format: uint64
             * @description Bytes of each, decompressed.
             */
            bytes: number;
            /** @description The format of one of them. */
            format: string;
            /** @description Of the bytes, decompressed. */
            hash: string;
            /**
             * Format: uint64
             * @description How many parts.
             */
            n: number;
            /**
             * Format: uint64
             * @description Bytes in the pack beside those of the one that takes most.
             */
            wasted_bytes: number;
        };
        EditAssetRequest: {
            /** @default apply */
            mode?: components["schemas"]["Mode"];
            /** @description Address, root, UUID or id. */
            selector: string;
            /** @description What it is to say. */
            set: components["schemas"]["ManifestSet"];
        } | ({
            /**
             * @description What somebody said yes to.
             * @default []
             */
            consent?: components["schemas"]["Nature"][];
            /** @description A plan from a file. It is planned again, and must come out the same. */
            plan?: components["schemas"]["PlanFile"] | null;
            /**
             * Format: uuid
             * @description A plan that the runtime keeps.
             */
            plan_id?: string | null;
        } & (unknown | unknown));
        /** @description Of `edit_asset`: the members that changed. */
        EditData: {
            /** @description As they are. */
            after: unknown;
            /** @description As they were. */
            before: unknown;
        };
        /** @description How a receipt names an entry of the registry. */
        EntryName: number | string;
        /** @description One thing that happened in one operation on one project. */
        Event: {
            /** @description The assets it is about; the first 1,000. */
            affected_assets: components["schemas"]["AssetRef"][];
            /** @description The event that brought this operation about, where the packer knows it. */
            cause: components["schemas"]["Cause"] | null;
            /**
             * Format: uint64
             * @description Its place among everything on the bus, within one run.
             */
            cursor: number;
            /** @description What happened. */
            kind: string;
            /**
             * Format: uuid
             * @description The operation, the same for its whole life.
             */
            operation_id: string;
            /** @description What else it says. */
            payload: {
                [key: string]: unknown;
            };
            /** @description How far the operation has come; null in all kinds but `progress_updated`. */
            progress: components["schemas"]["Progress"] | null;
            /**
             * Format: uuid
             * @description The project; the nil UUID in a `stream_gap` that is about every project of its stream.
             */
            project_id: string;
            /**
             * Format: uint64
             * @description The revision that a reader finds, or will find, this in; null where it has none.
             */
            revision: number | null;
            /**
             * Format: uint64
             * @description Its number within the operation: 1, 2, 3, …
             */
            sequence: number;
            /** @description What happened, in a few words for people. */
            summary: string;
            /** @description Whether this is the operation's last event. */
            terminal: boolean;
            /**
             * Format: date-time
             * @description When, to the millisecond.
             */
            timestamp: string;
        };
        /** @description A code of a finding, explained. */
        ExplainedData: {
            /** @description Structural or hygiene. */
            class: components["schemas"]["Class"];
            /** @description The code. */
            code: components["schemas"]["Code"];
            /** @description Its name. */
            name: string;
            /** @description Its manual page, as text for people. */
            page: string;
            /** @description How bad, where the settings do not say otherwise. */
            severity: components["schemas"]["Severity"];
        };
        /** @description A check that could not run: neither pass nor fail. */
        FailedCheck: {
            /** @description The check. */
            check: string;
            /** @description Why. */
            message: string;
        };
        /** @description One source. */
        FileDetails: {
            /** @description As it was last read whole, by a build or for its hash; null where it has not been since it changed. */
            hash: string | null;
            /** @description Relative to the workspace. */
            path: string;
            /**
             * Format: uint64
             * @description Bytes.
             */
            size: number;
        };
        /** @description What becomes of a removed asset's files. */
        Files: "keep" | "quarantine" | "delete";
        /** @description What would put a finding right. */
        Fix: {
            /**
             * @description What it does, step by step, where that is known before it is planned.
             * @default []
             */
            actions: unknown[];
            /** @description How far it can be trusted. */
            applicability: components["schemas"]["Applicability"];
            /** @description What it does, in a few words. */
            title: string;
        };
        /** @description A finding that is fixed. */
        FixedFinding: {
            /** @description Its code. */
            code: components["schemas"]["Code"];
            /** @description The finding. */
            fingerprint: string;
            /** @description The file it was about, relative to the workspace. */
            path: string | null;
            /** @description What fixed it. */
            title: string;
        };
        /** @description Of `apply_fixes`. */
        FixesData: {
            /** @description What could not be looked at, so that there may be more to fix, each with why. */
            failed: components["schemas"]["FailedCheck"][];
            /** @description What is fixed. */
            fixed: components["schemas"]["FixedFinding"][];
            /** @description What was asked for, or could have been, and is not. */
            refused: components["schemas"]["RefusedFix"][];
        };
        /** @description What the smaller assets of a folder take. */
        FolderShare: {
            /**
             * Format: uint64
             * @description How many assets.
             */
            assets: number;
            /**
             * Format: uint64
             * @description Bytes, decompressed.
             */
            bytes: number;
            /** @description The first segment of their roots; of their addresses, where they are not registered any more. */
            folder: string;
            /**
             * Format: uint64
             * @description How many parts.
             */
            parts: number;
            /**
             * Format: uint64
             * @description Bytes in the pack.
             */
            stored_bytes: number;
        };
        /** @description All that is known of one asset. */
        GetAssetDetailsRequest: {
            /**
             * @description Read the sources whose hash is not known yet, so that each content can be asked for by its hash. What is found is
             *     remembered, and a source is read again only when it has changed.
             * @default false
             */
            hashes?: boolean;
            /** @description Address, root, UUID or id. */
            selector: string;
        };
        /** @description What the last build did, and where the bytes of its pack go. */
        GetBuildReportRequest: Record<string, never>;
        /** @description Address and id of what is included. */
        GetCompileSurfaceRequest: Record<string, never>;
        /** @description Lists past operations, the newest first. */
        GetHistoryRequest: {
            /**
             * @description Where the last page ended.
             * @default null
             */
            cursor?: string | null;
            /**
             * Format: uint32
             * @description How many at most: 100 where nothing is said, and never more than 1,000.
             * @default null
             */
            limit?: number | null;
        };
        /** @description How the project is. */
        GetStatusRequest: {
            /**
             * @description Read everything again first, so that the answer has seen all that was on disk when it was asked for.
             * @default false
             */
            barrier?: boolean;
        };
        /** @description Of `get_history` and `revert`. */
        HistoryData: {
            /** @description Where the next page begins; null on the last. */
            next_cursor?: string | null;
            /** @description Past operations, the newest first; the one that is undone. */
            operations: components["schemas"]["PastOperation"][];
        };
        /** @description What a host answers by itself: the fields of a response. */
        HostAnswer: {
            /** @description Empty. */
            affected_assets: components["schemas"]["AssetRef"][];
            /** @description Empty. */
            applied_actions: components["schemas"]["Action"][];
            /** @description Why nothing was done. */
            blockers: components["schemas"]["Blocker"][];
            /** @description An empty object. */
            data: components["schemas"]["Data"];
            /** @description Empty. */
            diagnostics: components["schemas"]["Diagnostic"][];
            /** @description What it could change; null where no service was asked. */
            operation_class: components["schemas"]["OperationClass"] | null;
            /**
             * Format: uuid
             * @description The operation; null where none began.
             */
            operation_id: string | null;
            /**
             * Format: uuid
             * @description The project; null where none is known.
             */
            project_id: string | null;
            /** @description Empty. */
            proposed_actions: components["schemas"]["Action"][];
            /**
             * Format: uint64
             * @description Null: nothing was read from a snapshot.
             */
            revision: number | null;
            /** @description Of no project: nothing is said of it. */
            runtime_state: components["schemas"]["RuntimeState"];
            /** @description The service; null where none was asked. */
            service: components["schemas"]["Service"] | null;
            /** @description How things stand. */
            status: components["schemas"]["HostStatus"];
            /** @description What is so, in one line. */
            summary: string;
        };
        /** @description How things stand with what a host was asked. */
        HostStatus: "blocked" | "failed" | "running";
        /** @description One rule of a choice. */
        ImporterRule: {
            /** @description Who imports them. */
            importer: string;
            /** @description Sources, relative to the root. */
            pattern: string;
        };
        /** @description How the choice of an importer is spelled. The service itself reads it, and says what is wrong with it. */
        ImporterSet: string | components["schemas"]["ImporterRule"][];
        /** @description Of `include_asset_in_build` and `exclude_asset_from_build`. */
        InclusionData: {
            /** @description What changed. */
            changed: components["schemas"]["AssetRef"][];
            /** @description What was so before. */
            unchanged: components["schemas"]["AssetRef"][];
        };
        /** @description Of `init_workspace`. */
        InitData: {
            /** @description The workspace, as the host's file system names it. */
            path: string;
            /**
             * Format: uuid
             * @description The new project.
             */
            project_id: string;
            /** @description The files written or extended, relative to the workspace. */
            written: string[];
        };
        InitWorkspaceRequest: {
            /**
             * @description The assets folder, relative to the workspace.
             * @default assets
             */
            assets?: string;
            /** @default apply */
            mode?: components["schemas"]["Mode"];
            /**
             * @description The project's name; by default the folder's.
             * @default null
             */
            name?: string | null;
            /** @description The folder, as the host's own file system names it. Made where it is absent. */
            path: string;
        } | ({
            /**
             * @description What somebody said yes to.
             * @default []
             */
            consent?: components["schemas"]["Nature"][];
            /** @description A plan from a file. It is planned again, and must come out the same. */
            plan?: components["schemas"]["PlanFile"] | null;
            /**
             * Format: uuid
             * @description A plan that the runtime keeps.
             */
            plan_id?: string | null;
        } & (unknown | unknown));
        /** @description What the parts of one format take. */
        KindShare: {
            /**
             * Format: uint64
             * @description Bytes, decompressed.
             */
            bytes: number;
            /** @description The format. */
            format: string;
            /**
             * Format: uint64
             * @description How many parts.
             */
            parts: number;
            /**
             * Format: uint64
             * @description Bytes in the pack.
             */
            stored_bytes: number;
        };
        /** @description What the write lane does. */
        LaneData: {
            /** @description Those that wait, first come first. */
            queued: components["schemas"]["LaneOperation"][];
            /** @description The operation that runs. */
            running: components["schemas"]["LaneOperation"] | null;
        };
        /** @description An operation in the lane. */
        LaneOperation: {
            /**
             * Format: uuid
             * @description Which.
             */
            operation_id: string;
            /** @description What it does. */
            service: components["schemas"]["Service"];
        };
        /** @description The last build, as a project or an asset remembers it. */
        LastBuild: {
            /** @description When it ended, RFC 3339. */
            at: string;
            /** @description The pack's hash. */
            pack: string;
        };
        /** @description Lists assets. */
        ListAssetsRequest: {
            /**
             * @description Where the last page ended.
             * @default null
             */
            cursor?: string | null;
            /**
             * @description Largest first.
             * @default false
             */
            descending?: boolean;
            /**
             * @description Which ones.
             * @default {
             *       "importer": null,
             *       "included": null,
             *       "label": null,
             *       "problems": null,
             *       "quarantined": null,
             *       "registered": null,
             *       "state": null,
             *       "text": null
             *     }
             */
            filter?: components["schemas"]["ListFilter"];
            /**
             * Format: uint32
             * @description How many at most: 100 where nothing is said, and never more than 10,000.
             * @default null
             */
            limit?: number | null;
            /**
             * @description In what order.
             * @default address
             */
            sort?: components["schemas"]["ListSort"];
        };
        /** @description Of `list_assets`. */
        ListData: {
            /** @description This page. */
            assets: components["schemas"]["ListedAsset"][];
            /** @description Where the next page begins; null on the last. */
            next_cursor: string | null;
            /**
             * Format: uint64
             * @description How many the filter takes in all.
             */
            total: number;
        };
        /** @description One asset in a list. */
        ListedAsset: {
            /** @description Null where the manifest does not say. */
            address: string | null;
            /**
             * Format: uint32
             * @description Null for what is not registered.
             */
            asset_id: number | null;
            /**
             * Format: uint64
             * @description Bytes of all sources.
             */
            bytes: number;
            /** @description As the manifest spells it; `by pattern` for a list. */
            importer: string | null;
            /** @description In the build. */
            included: boolean;
            /** @description Sorted. */
            labels: string[];
            /** @description When it was last part of a build, RFC 3339. */
            last_built: string | null;
            /**
             * Format: uint64
             * @description Parts in the last build; null where it was in none.
             */
            parts: number | null;
            /** @description In quarantine. */
            quarantined: boolean;
            /** @description In the registry. */
            registered: boolean;
            /** @description Relative to the assets folder; what the registry says, where that is no path. */
            root: string;
            /**
             * Format: uint64
             * @description How many sources.
             */
            sources: number;
            /** @description The asset's state. */
            state: components["schemas"]["State"];
            /**
             * Format: uuid
             * @description Null where the manifest does not say.
             */
            uuid: string | null;
            /** @description Its worst finding's severity. */
            worst: components["schemas"]["Severity"] | null;
        };
        /** @description One entry in quarantine. */
        ListedEntry: {
            /** @description The asset as it was registered. */
            asset: components["schemas"]["AssetRef"];
            /**
             * Format: uint64
             * @description Their bytes.
             */
            bytes: number;
            /** @description Its name. */
            entry_id: string;
            /**
             * Format: uint64
             * @description How many files are in it.
             */
            files: number;
            /** @description Where the root was, relative to the workspace. */
            origin: string;
            /** @description Since when it is there, RFC 3339. */
            since: string;
        };
        /** @description Which assets to list; what is not said does not matter. */
        ListFilter: {
            /**
             * @description With this importer in its manifest.
             * @default null
             */
            importer?: string | null;
            /**
             * @description In the build or not.
             * @default null
             */
            included?: boolean | null;
            /**
             * @description With this label.
             * @default null
             */
            label?: string | null;
            /**
             * @description With diagnostics or without.
             * @default null
             */
            problems?: boolean | null;
            /**
             * @description In quarantine or not.
             * @default null
             */
            quarantined?: boolean | null;
            /**
             * @description Registered or not.
             * @default null
             */
            registered?: boolean | null;
            /**
             * @description In this state.
             * @default null
             */
            state?: components["schemas"]["State"] | null;
            /**
             * @description Text in address or root.
             * @default null
             */
            text?: string | null;
        };
        /** @description Lists what waits in quarantine. */
        ListQuarantineRequest: Record<string, never>;
        /**
         * @description What assets are sorted by; ties are settled by root.
         * @enum {string}
         */
        ListSort: "address" | "root" | "asset_id" | "bytes" | "parts" | "last_built" | "worst";
        /** @description A place in a file, or a file as a whole. */
        Location: {
            /**
             * Format: uint32
             * @description The first column.
             */
            column?: number;
            /**
             * Format: uint32
             * @description The column behind the last character.
             */
            end_column?: number;
            /**
             * Format: uint32
             * @description The last line.
             */
            end_line?: number;
            /**
             * Format: uint32
             * @description The first line.
             */
            line?: number;
            /** @description The file, relative to the workspace. */
            path: string;
            /** @description The same place as a JSON pointer. */
            pointer?: string | null;
        };
        /** @description What a manifest is to say; null takes a member out, so that its default holds. */
        ManifestSet: {
            /** @description The address. */
            address?: string | null;
            /** @description `auto`, an importer's name, or a list of `{"pattern", "importer"}`. */
            importer?: components["schemas"]["ImporterSet"] | null;
            /** @description These labels and no others. */
            labels?: string[] | null;
            /** @description Whether to preload. */
            preload?: boolean | null;
            /** @description Settings by importer, taken into those that are there; null takes one out. */
            settings?: {
                [key: string]: unknown;
            } | null;
            /** @description Patterns; null for every file. */
            sources?: string[] | null;
        };
        /** @description What was made up for one plan, in the order in which it was. One of a kind is a field of its own, several are a list. */
        Minted: {
            /** @description The name of the one new entry in quarantine. */
            entry_id?: string | null;
            /** @description The names of several. */
            entry_ids?: string[];
            /**
             * Format: uuid
             * @description The new project.
             */
            project_id?: string | null;
            /**
             * Format: uuid
             * @description The one new identity.
             */
            uuid?: string | null;
            /** @description Several. */
            uuids?: string[];
        };
        /** @description Whether to do it. */
        Mode: "apply" | "preview";
        /** @description What an action risks. */
        Nature: "additive" | "edit" | "relocational" | "destructive";
        /** @description An empty object: the operation did not come so far. */
        NoData: Record<string, never>;
        /** @description The project that was opened. */
        OpenedData: {
            /** @description It. */
            project: components["schemas"]["OpenProject"];
            /** @description The files written or extended, relative to the workspace, where it was made. */
            written: string[];
        };
        /** @description A project that is open, and how it is. */
        OpenProject: {
            /** @description What is wrong with a project that has no id; empty for others, which say it themselves. */
            diagnostics: components["schemas"]["Diagnostic"][];
            /** @description Its name; null while its settings do not say one. */
            name: string | null;
            /** @description The workspace, as the host's file system names it. */
            path: string;
            /**
             * Format: uuid
             * @description Its id; null while its settings do not say one.
             */
            project_id: string | null;
            /**
             * Format: uint64
             * @description The snapshot that this was read from.
             */
            revision: number | null;
            /** @description How fresh that is. */
            runtime_state: components["schemas"]["RuntimeState"];
        };
        /** @description What an operation may change. */
        OperationClass: "read_only" | "registry_mutation" | "workspace_mutation";
        /** @description What would be otherwise. */
        Outcome: {
            /** @description Addresses that it would have and has not. */
            addresses_added: string[];
            /** @description Addresses that the compile surface has and would not have. */
            addresses_removed: string[];
            /** @description Structural findings that would come. */
            diagnostics_appearing: components["schemas"]["Diagnostic"][];
            /** @description Structural findings that would go. */
            diagnostics_clearing: components["schemas"]["Diagnostic"][];
            /**
             * Format: uint64
             * @description Parts of the last build whose sources would be in no build.
             */
            pack_parts_removed: number;
        };
        /** @description A pack that was built. */
        PackData: {
            /**
             * Format: uint64
             * @description Assets in it.
             */
            assets: number;
            /**
             * Format: uint64
             * @description Its length.
             */
            bytes: number;
            /** @description The pack's hash. */
            hash: string;
            /**
             * Format: uint64
             * @description Parts in it.
             */
            parts: number;
            /** @description Relative to the workspace. */
            path: string;
        };
        /** @description One part of the last build. */
        PartDetails: {
            /**
             * Format: uint64
             * @description Bytes, decompressed.
             */
            bytes: number;
            /** @description Its format. */
            format: string;
            /** @description Of those bytes. */
            hash: string;
            /** @description What the importer says of it. */
            metadata: unknown;
            /** @description Its name. */
            name: string;
            /** @description Why it was last imported. */
            reason: string;
        };
        /** @description One past operation. */
        PastOperation: {
            /** @description The assets it was about; the first 1,000. In the details of an asset, of an operation that did much, that asset. */
            affected_assets: components["schemas"]["AssetRef"][];
            /**
             * Format: uint64
             * @description How many assets there are, where the list was cut.
             */
            affected_assets_total?: number | null;
            /** @description What was done; the first 1,000 actions, and none where the details of an asset only count them. */
            applied_actions: components["schemas"]["Action"][];
            /**
             * Format: uint64
             * @description How many actions there are, where the list was cut.
             */
            applied_actions_total?: number | null;
            /** @description When it was committed, RFC 3339. */
            at: string;
            /** @description Whether it deleted anything for good, so that nothing can undo it. */
            irreversible: boolean;
            /**
             * Format: uuid
             * @description Which.
             */
            operation_id: string;
            /**
             * Format: uuid
             * @description The operation that undid it.
             */
            reverted_by: string | null;
            /**
             * Format: uuid
             * @description The operation that it undid.
             */
            reverts: string | null;
            /** @description The service, by name. */
            service: string;
            /** @description What it did, in one line. */
            summary: string;
        };
        /** @description What a preview proposes. */
        Plan: {
            /** @description What it would do. */
            actions: components["schemas"]["Action"][];
            /** @description What somebody has to say yes to. */
            consent_required: components["schemas"]["Nature"][];
            /** @description Until when the runtime keeps it, RFC 3339. */
            expires_at: string;
            /** @description What was made up for it. */
            minted: components["schemas"]["Minted"];
            /** @description What would be otherwise after it. */
            outcome: components["schemas"]["Outcome"];
            /**
             * Format: uuid
             * @description By which it is applied.
             */
            plan_id: string;
            /** @description What it relied on. */
            relied_on: components["schemas"]["Receipt"][];
            /** @description What was asked. */
            request: components["schemas"]["Request"];
            /**
             * Format: uint64
             * @description The snapshot that it was made on.
             */
            revision: number;
        };
        /** @description Of a preview, and of what was not done for want of consent. */
        PlanData: {
            /** @description What would be done. */
            plan: components["schemas"]["Plan"];
        };
        /** @description A plan from a file: a request, never an authority. Fields beside these do not matter. */
        PlanFile: {
            /** @description What it would do. */
            actions: unknown;
            /**
             * @description What was made up for it.
             * @default {}
             */
            minted?: components["schemas"]["Minted"];
            /**
             * Format: uuid
             * @description The plan's id; for what it is called in events and the history.
             */
            plan_id: string;
            /** @description What it relied on. */
            relied_on: unknown;
            /** @description What was asked. */
            request: components["schemas"]["Request"];
        };
        /** @description How far one phase of an operation has come. */
        Progress: {
            /**
             * Format: uint64
             * @description Bytes done; 0 where bytes are not counted.
             */
            bytes_done: number;
            /**
             * Format: uint64
             * @description Bytes to do; 0 where bytes are not counted or nobody knows.
             */
            bytes_total: number;
            /**
             * Format: uint64
             * @description How much of it is done; only grows.
             */
            done: number;
            /** @description What is being done (`scan`, `import`, …). A phase runs once in an operation. */
            phase: string;
            /**
             * Format: uint64
             * @description How much there is to do; 0 while nobody knows.
             */
            total: number;
        };
        /** @description The projects that are open. */
        ProjectsData: {
            /** @description In the order in which they were opened. */
            projects: components["schemas"]["OpenProject"][];
        };
        /** @description Drops from the cache what the last build did not use and nothing made or used of late. */
        PruneCacheRequest: {
            /**
             * Format: uint32
             * @description How many days ago it was made or used at the latest. With 0 all goes but what the last build used.
             * @default 30
             */
            older_than_days?: number;
        };
        /** @description Of `prune_cache`. Files are those of entries and blobs. */
        PruneData: {
            /**
             * Format: uint64
             * @description Bytes that were dropped.
             */
            freed_bytes: number;
            /**
             * Format: uint64
             * @description In so many files.
             */
            freed_files: number;
            /**
             * Format: uint64
             * @description Bytes that are still in the cache.
             */
            kept_bytes: number;
            /**
             * Format: uint64
             * @description In so many files.
             */
            kept_files: number;
        };
        PurgeQuarantinedRequest: {
            /** @description The entries. */
            entry_ids: string[];
            /** @default apply */
            mode?: components["schemas"]["Mode"];
        } | ({
            /**
             * @description What somebody said yes to.
             * @default []
             */
            consent?: components["schemas"]["Nature"][];
            /** @description A plan from a file. It is planned again, and must come out the same. */
            plan?: components["schemas"]["PlanFile"] | null;
            /**
             * Format: uuid
             * @description A plan that the runtime keeps.
             */
            plan_id?: string | null;
        } & (unknown | unknown));
        /** @description Of what puts into quarantine, takes out of it, or shows it. */
        QuarantineData: {
            /** @description The entries. */
            entries: components["schemas"]["ListedEntry"][];
        };
        /** @description One reason for a state. */
        Reason: {
            /** @description The event that brought it about, where the packer knows it. */
            cause?: components["schemas"]["Cause"] | null;
            /** @description A stable word. */
            code: string;
            /**
             * Format: uint64
             * @description How many assets it is true of, where it is about assets.
             */
            count?: number | null;
            /** @description The reason in a sentence. */
            message: string;
        };
        /** @description One thing that a plan relied on. Paths are relative to the workspace. */
        Receipt: {
            /** @description What. */
            digest: string | null;
            /** @description Where. */
            path: string;
        } | {
            /** @description Its text; null where there is none. */
            digest: string | null;
            /** @description Which. */
            registry_entry: components["schemas"]["EntryName"];
        } | {
            /** @description The address. */
            address_free: string;
        } | {
            /**
             * Format: uuid
             * @description The UUID.
             */
            uuid_free: string;
        } | {
            /** @description Them. */
            digest: string;
            /** @description The selector. */
            selector: string;
        } | {
            /** @description It. */
            journal: string;
        };
        /** @description How an operation that was stopped half-way is ended. */
        RecoverChoice: "undo" | "keep";
        /** @description Of `recover`. */
        RecoverData: {
            /** @description What was found of the unfinished operation, step by step. */
            steps: components["schemas"]["RecoverStep"][];
        };
        RecoverRequest: {
            /**
             * @description How. Where nothing is said, nothing is done: the answer says what is unfinished.
             * @default null
             */
            choice?: components["schemas"]["RecoverChoice"] | null;
            /** @default apply */
            mode?: components["schemas"]["Mode"];
        } | ({
            /**
             * @description What somebody said yes to.
             * @default []
             */
            consent?: components["schemas"]["Nature"][];
            /** @description A plan from a file. It is planned again, and must come out the same. */
            plan?: components["schemas"]["PlanFile"] | null;
            /**
             * Format: uuid
             * @description A plan that the runtime keeps.
             */
            plan_id?: string | null;
        } & (unknown | unknown));
        /** @description One step of an unfinished operation. */
        RecoverStep: {
            /** @description What the step was, and what is there now. */
            message: string;
            /** @description The path, relative to the workspace. */
            path: string;
            /** @description Whether it can be taken back. */
            undoable: boolean;
        };
        /** @description A fix that was not made. */
        RefusedFix: {
            /** @description Its code; null where there is no such finding any more. */
            code: components["schemas"]["Code"] | null;
            /** @description The finding. */
            fingerprint: string;
            /** @description Why. */
            message: string;
        };
        RegisterAssetRequest: {
            /**
             * @description The address, where one root without a manifest is registered.
             * @default null
             */
            address?: string | null;
            /**
             * @description Give a copied folder a UUID and address of its own.
             * @default false
             */
            as_copy?: boolean;
            /**
             * @description The importer of the manifests that are written.
             * @default null
             */
            importer?: string | null;
            /**
             * @description Whether the assets enter the build.
             * @default true
             */
            included?: boolean;
            /** @default apply */
            mode?: components["schemas"]["Mode"];
            /**
             * @description Register every folder below that holds a manifest, instead of each root as one.
             * @default false
             */
            recursive?: boolean;
            /** @description Folders, relative to the assets folder. Files among them are passed over with a note. */
            roots: string[];
        } | ({
            /**
             * @description What somebody said yes to.
             * @default []
             */
            consent?: components["schemas"]["Nature"][];
            /** @description A plan from a file. It is planned again, and must come out the same. */
            plan?: components["schemas"]["PlanFile"] | null;
            /**
             * Format: uuid
             * @description A plan that the runtime keeps.
             */
            plan_id?: string | null;
        } & (unknown | unknown));
        /** @description Of `register_asset`. */
        RegisterData: {
            /** @description The manifests that were written, relative to the workspace. */
            manifests_written: string[];
            /** @description Paths that were passed over because they are files, relative to the workspace. */
            passed_over: string[];
            /** @description What is registered now. */
            registered: components["schemas"]["AssetRef"][];
            /** @description What was registered before. */
            unchanged: components["schemas"]["AssetRef"][];
        };
        /** @description Another place that belongs to a finding. */
        Related: {
            /**
             * Format: uint32
             * @description The first column.
             */
            column?: number;
            /**
             * Format: uint32
             * @description The column behind the last character.
             */
            end_column?: number;
            /**
             * Format: uint32
             * @description The last line.
             */
            end_line?: number;
            /**
             * Format: uint32
             * @description The first line.
             */
            line?: number;
            /** @description What it is. */
            message: string;
            /** @description The file, relative to the workspace. */
            path: string;
            /** @description The same place as a JSON pointer. */
            pointer?: string | null;
        };
        RelocateAssetRequest: {
            /** @default apply */
            mode?: components["schemas"]["Mode"];
            /** @description Address, root, UUID or id. */
            selector: string;
            /** @description The new root, relative to the assets folder. */
            to: string;
        } | ({
            /**
             * @description What somebody said yes to.
             * @default []
             */
            consent?: components["schemas"]["Nature"][];
            /** @description A plan from a file. It is planned again, and must come out the same. */
            plan?: components["schemas"]["PlanFile"] | null;
            /**
             * Format: uuid
             * @description A plan that the runtime keeps.
             */
            plan_id?: string | null;
        } & (unknown | unknown));
        /** @description Of `relocate_asset`; relative to the assets folder. */
        RelocateData: {
            /** @description The root that was. */
            from: string;
            /** @description The root that is. */
            to: string;
        };
        RemoveAssetRequest: {
            /**
             * @description What becomes of the files.
             * @default keep
             */
            files?: components["schemas"]["Files"];
            /** @default apply */
            mode?: components["schemas"]["Mode"];
            /** @description Addresses (or globs over them), roots, UUIDs or ids. */
            selectors: string[];
        } | ({
            /**
             * @description What somebody said yes to.
             * @default []
             */
            consent?: components["schemas"]["Nature"][];
            /** @description A plan from a file. It is planned again, and must come out the same. */
            plan?: components["schemas"]["PlanFile"] | null;
            /**
             * Format: uuid
             * @description A plan that the runtime keeps.
             */
            plan_id?: string | null;
        } & (unknown | unknown));
        /** @description Of `get_build_report`. Before the first build there are nulls and empty lists. */
        ReportData: {
            /** @description The biggest parts of the pack, biggest first; at most 100. */
            biggest: components["schemas"]["BigPart"][];
            /** @description What is otherwise than in the pack before; null where nothing is known of one. */
            changes: components["schemas"]["Changes"] | null;
            /** @description Where the bytes go; null before the first build. */
            composition: components["schemas"]["Composition"] | null;
            /** @description Parts that are in the pack more often than once, the most wasteful first; at most 100 groups. */
            duplicates: components["schemas"]["DuplicateParts"][];
            /**
             * Format: uint64
             * @description How many groups of such parts there are.
             */
            duplicates_total: number;
            /** @description The last build that wrote a pack; null before the first, and where its report is gone or of another pack. */
            last_build: components["schemas"]["ReportedBuild"] | null;
            /** @description The imports of it that took longest, longest first; at most 100. */
            slowest: components["schemas"]["SlowImport"][];
            /**
             * Format: uint64
             * @description What all of them waste in the pack, in bytes.
             */
            wasted_bytes: number;
        };
        /** @description A build that wrote a pack. */
        ReportedBuild: {
            /** @description When it ended, RFC 3339. */
            at: string;
            /** @description Parts that were there and parts that were made. */
            cache: components["schemas"]["CacheData"];
            /**
             * Format: uint64
             * @description Milliseconds from start to end.
             */
            elapsed_ms: number;
            /**
             * Format: uuid
             * @description Its operation.
             */
            operation_id: string;
            /** @description What came of it: built or equal. */
            outcome: components["schemas"]["BuildOutcome"];
            /** @description What it wrote. */
            pack: components["schemas"]["PackData"];
            /** @description How many parts were made, by reason. */
            reasons: {
                [key: string]: number;
            };
        };
        /** @description What a surface asks. */
        Request: ({
            /**
             * @description The assets folder, relative to the workspace.
             * @default assets
             */
            assets?: string;
            /** @default apply */
            mode?: components["schemas"]["Mode"];
            /**
             * @description The project's name; by default the folder's.
             * @default null
             */
            name?: string | null;
            /** @description The folder, as the host's own file system names it. Made where it is absent. */
            path: string;
            /** @constant */
            service: "init_workspace";
        } | ({
            /**
             * @description What somebody said yes to.
             * @default []
             */
            consent?: components["schemas"]["Nature"][];
            /** @description A plan from a file. It is planned again, and must come out the same. */
            plan?: components["schemas"]["PlanFile"] | null;
            /**
             * Format: uuid
             * @description A plan that the runtime keeps.
             */
            plan_id?: string | null;
            /** @constant */
            service: "init_workspace";
        } & (unknown | unknown))) | ({
            /**
             * @description The address, where one root without a manifest is registered.
             * @default null
             */
            address?: string | null;
            /**
             * @description Give a copied folder a UUID and address of its own.
             * @default false
             */
            as_copy?: boolean;
            /**
             * @description The importer of the manifests that are written.
             * @default null
             */
            importer?: string | null;
            /**
             * @description Whether the assets enter the build.
             * @default true
             */
            included?: boolean;
            /** @default apply */
            mode?: components["schemas"]["Mode"];
            /**
             * @description Register every folder below that holds a manifest, instead of each root as one.
             * @default false
             */
            recursive?: boolean;
            /** @description Folders, relative to the assets folder. Files among them are passed over with a note. */
            roots: string[];
            /** @constant */
            service: "register_asset";
        } | ({
            /**
             * @description What somebody said yes to.
             * @default []
             */
            consent?: components["schemas"]["Nature"][];
            /** @description A plan from a file. It is planned again, and must come out the same. */
            plan?: components["schemas"]["PlanFile"] | null;
            /**
             * Format: uuid
             * @description A plan that the runtime keeps.
             */
            plan_id?: string | null;
            /** @constant */
            service: "register_asset";
        } & (unknown | unknown))) | ({
            /** @default apply */
            mode?: components["schemas"]["Mode"];
            /** @description Addresses (or globs over them), roots, UUIDs or ids. */
            selectors: string[];
            /** @constant */
            service: "include_asset_in_build";
        } | ({
            /**
             * @description What somebody said yes to.
             * @default []
             */
            consent?: components["schemas"]["Nature"][];
            /** @description A plan from a file. It is planned again, and must come out the same. */
            plan?: components["schemas"]["PlanFile"] | null;
            /**
             * Format: uuid
             * @description A plan that the runtime keeps.
             */
            plan_id?: string | null;
            /** @constant */
            service: "include_asset_in_build";
        } & (unknown | unknown))) | ({
            /** @default apply */
            mode?: components["schemas"]["Mode"];
            /** @description Addresses (or globs over them), roots, UUIDs or ids. */
            selectors: string[];
            /** @constant */
            service: "exclude_asset_from_build";
        } | ({
            /**
             * @description What somebody said yes to.
             * @default []
             */
            consent?: components["schemas"]["Nature"][];
            /** @description A plan from a file. It is planned again, and must come out the same. */
            plan?: components["schemas"]["PlanFile"] | null;
            /**
             * Format: uuid
             * @description A plan that the runtime keeps.
             */
            plan_id?: string | null;
            /** @constant */
            service: "exclude_asset_from_build";
        } & (unknown | unknown))) | ({
            /**
             * @description What becomes of the files.
             * @default keep
             */
            files?: components["schemas"]["Files"];
            /** @default apply */
            mode?: components["schemas"]["Mode"];
            /** @description Addresses (or globs over them), roots, UUIDs or ids. */
            selectors: string[];
            /** @constant */
            service: "remove_asset";
        } | ({
            /**
             * @description What somebody said yes to.
             * @default []
             */
            consent?: components["schemas"]["Nature"][];
            /** @description A plan from a file. It is planned again, and must come out the same. */
            plan?: components["schemas"]["PlanFile"] | null;
            /**
             * Format: uuid
             * @description A plan that the runtime keeps.
             */
            plan_id?: string | null;
            /** @constant */
            service: "remove_asset";
        } & (unknown | unknown))) | ({
            /** @default apply */
            mode?: components["schemas"]["Mode"];
            /** @description Address, root, UUID or id. */
            selector: string;
            /** @constant */
            service: "edit_asset";
            /** @description What it is to say. */
            set: components["schemas"]["ManifestSet"];
        } | ({
            /**
             * @description What somebody said yes to.
             * @default []
             */
            consent?: components["schemas"]["Nature"][];
            /** @description A plan from a file. It is planned again, and must come out the same. */
            plan?: components["schemas"]["PlanFile"] | null;
            /**
             * Format: uuid
             * @description A plan that the runtime keeps.
             */
            plan_id?: string | null;
            /** @constant */
            service: "edit_asset";
        } & (unknown | unknown))) | ({
            /** @default apply */
            mode?: components["schemas"]["Mode"];
            /** @description Address, root, UUID or id. */
            selector: string;
            /** @constant */
            service: "relocate_asset";
            /** @description The new root, relative to the assets folder. */
            to: string;
        } | ({
            /**
             * @description What somebody said yes to.
             * @default []
             */
            consent?: components["schemas"]["Nature"][];
            /** @description A plan from a file. It is planned again, and must come out the same. */
            plan?: components["schemas"]["PlanFile"] | null;
            /**
             * Format: uuid
             * @description A plan that the runtime keeps.
             */
            plan_id?: string | null;
            /** @constant */
            service: "relocate_asset";
        } & (unknown | unknown))) | {
            /**
             * @description Where the last page ended.
             * @default null
             */
            cursor?: string | null;
            /**
             * @description Largest first.
             * @default false
             */
            descending?: boolean;
            /**
             * @description Which ones.
             * @default {
             *       "importer": null,
             *       "included": null,
             *       "label": null,
             *       "problems": null,
             *       "quarantined": null,
             *       "registered": null,
             *       "state": null,
             *       "text": null
             *     }
             */
            filter?: components["schemas"]["ListFilter"];
            /**
             * Format: uint32
             * @description How many at most: 100 where nothing is said, and never more than 10,000.
             * @default null
             */
            limit?: number | null;
            /** @constant */
            service: "list_assets";
            /**
             * @description In what order.
             * @default address
             */
            sort?: components["schemas"]["ListSort"];
        } | {
            /**
             * @description Read the sources whose hash is not known yet, so that each content can be asked for by its hash. What is found is
             *     remembered, and a source is read again only when it has changed.
             * @default false
             */
            hashes?: boolean;
            /** @description Address, root, UUID or id. */
            selector: string;
            /** @constant */
            service: "get_asset_details";
        } | {
            /**
             * @description Where the last page of a doctor's findings ended: the next is of the same look, and nothing is looked at again.
             * @default null
             */
            cursor?: string | null;
            /**
             * @description Decode every source in full, hash every file of the cache and the last pack.
             * @default false
             */
            deep?: boolean;
            /**
             * @description Codes to look for; all where empty. Naming one of hygiene looks at the workspace for it.
             * @default []
             */
            only?: string[];
            /**
             * @description How much to look at.
             * @default registered
             */
            scope?: components["schemas"]["Scope"];
            /** @constant */
            service: "doctor";
        } | ({
            /** @default apply */
            mode?: components["schemas"]["Mode"];
            /**
             * @description The codes to allow; all where empty.
             * @default []
             */
            only?: string[];
            /** @description Why. */
            reason: string;
            /** @constant */
            service: "allow_findings";
        } | ({
            /**
             * @description What somebody said yes to.
             * @default []
             */
            consent?: components["schemas"]["Nature"][];
            /** @description A plan from a file. It is planned again, and must come out the same. */
            plan?: components["schemas"]["PlanFile"] | null;
            /**
             * Format: uuid
             * @description A plan that the runtime keeps.
             */
            plan_id?: string | null;
            /** @constant */
            service: "allow_findings";
        } & (unknown | unknown))) | ({
            /**
             * @description The findings to fix; all that can be where empty.
             * @default []
             */
            fingerprints?: string[];
            /** @default apply */
            mode?: components["schemas"]["Mode"];
            /**
             * @description Codes to fix; all where empty.
             * @default []
             */
            only?: string[];
            /**
             * @description How much to look at.
             * @default registered
             */
            scope?: components["schemas"]["Scope"];
            /** @constant */
            service: "apply_fixes";
        } | ({
            /**
             * @description What somebody said yes to.
             * @default []
             */
            consent?: components["schemas"]["Nature"][];
            /** @description A plan from a file. It is planned again, and must come out the same. */
            plan?: components["schemas"]["PlanFile"] | null;
            /**
             * Format: uuid
             * @description A plan that the runtime keeps.
             */
            plan_id?: string | null;
            /** @constant */
            service: "apply_fixes";
        } & (unknown | unknown))) | {
            /**
             * @description Write nothing; say whether the outputs are what a build would write.
             * @default false
             */
            check?: boolean;
            /**
             * @description Ignore cache and listing.
             * @default false
             */
            full?: boolean;
            /** @constant */
            service: "build";
            /**
             * @description Build both ways and compare.
             * @default false
             */
            verify?: boolean;
        } | {
            /**
             * Format: uint32
             * @description How many days ago it was made or used at the latest. With 0 all goes but what the last build used.
             * @default 30
             */
            older_than_days?: number;
            /** @constant */
            service: "prune_cache";
        } | {
            /** @constant */
            service: "get_compile_surface";
        } | {
            /** @constant */
            service: "get_build_report";
        } | {
            /**
             * @description Read everything again first, so that the answer has seen all that was on disk when it was asked for.
             * @default false
             */
            barrier?: boolean;
            /** @constant */
            service: "get_status";
        } | {
            /** @constant */
            service: "list_quarantine";
        } | ({
            /** @description The entry in quarantine. */
            entry_id: string;
            /** @default apply */
            mode?: components["schemas"]["Mode"];
            /** @constant */
            service: "restore_quarantined";
        } | ({
            /**
             * @description What somebody said yes to.
             * @default []
             */
            consent?: components["schemas"]["Nature"][];
            /** @description A plan from a file. It is planned again, and must come out the same. */
            plan?: components["schemas"]["PlanFile"] | null;
            /**
             * Format: uuid
             * @description A plan that the runtime keeps.
             */
            plan_id?: string | null;
            /** @constant */
            service: "restore_quarantined";
        } & (unknown | unknown))) | ({
            /** @description The entries. */
            entry_ids: string[];
            /** @default apply */
            mode?: components["schemas"]["Mode"];
            /** @constant */
            service: "purge_quarantined";
        } | ({
            /**
             * @description What somebody said yes to.
             * @default []
             */
            consent?: components["schemas"]["Nature"][];
            /** @description A plan from a file. It is planned again, and must come out the same. */
            plan?: components["schemas"]["PlanFile"] | null;
            /**
             * Format: uuid
             * @description A plan that the runtime keeps.
             */
            plan_id?: string | null;
            /** @constant */
            service: "purge_quarantined";
        } & (unknown | unknown))) | {
            /**
             * @description Where the last page ended.
             * @default null
             */
            cursor?: string | null;
            /**
             * Format: uint32
             * @description How many at most: 100 where nothing is said, and never more than 1,000.
             * @default null
             */
            limit?: number | null;
            /** @constant */
            service: "get_history";
        } | ({
            /** @default apply */
            mode?: components["schemas"]["Mode"];
            /**
             * Format: uuid
             * @description Which.
             */
            operation_id: string;
            /** @constant */
            service: "revert";
        } | ({
            /**
             * @description What somebody said yes to.
             * @default []
             */
            consent?: components["schemas"]["Nature"][];
            /** @description A plan from a file. It is planned again, and must come out the same. */
            plan?: components["schemas"]["PlanFile"] | null;
            /**
             * Format: uuid
             * @description A plan that the runtime keeps.
             */
            plan_id?: string | null;
            /** @constant */
            service: "revert";
        } & (unknown | unknown))) | ({
            /**
             * @description How. Where nothing is said, nothing is done: the answer says what is unfinished.
             * @default null
             */
            choice?: components["schemas"]["RecoverChoice"] | null;
            /** @default apply */
            mode?: components["schemas"]["Mode"];
            /** @constant */
            service: "recover";
        } | ({
            /**
             * @description What somebody said yes to.
             * @default []
             */
            consent?: components["schemas"]["Nature"][];
            /** @description A plan from a file. It is planned again, and must come out the same. */
            plan?: components["schemas"]["PlanFile"] | null;
            /**
             * Format: uuid
             * @description A plan that the runtime keeps.
             */
            plan_id?: string | null;
            /** @constant */
            service: "recover";
        } & (unknown | unknown)));
        /** @description The answer of every service on every surface. */
        Response: {
            /** @description The assets it is about. */
            affected_assets: components["schemas"]["AssetRef"][];
            /** @description What was done. */
            applied_actions: components["schemas"]["Action"][];
            /** @description Why nothing was done. */
            blockers: components["schemas"]["Blocker"][];
            /** @description What the service answers beside that. */
            data: components["schemas"]["Data"];
            /** @description Findings. */
            diagnostics: components["schemas"]["Diagnostic"][];
            /** @description What it could change. */
            operation_class: components["schemas"]["OperationClass"];
            /**
             * Format: uuid
             * @description The operation; null for reads.
             */
            operation_id: string | null;
            /**
             * Format: uuid
             * @description The project; null where there is none, or its settings do not say.
             */
            project_id: string | null;
            /** @description What would be done. */
            proposed_actions: components["schemas"]["Action"][];
            /**
             * Format: uint64
             * @description The snapshot that the whole answer was read from.
             */
            revision: number | null;
            /** @description How fresh that snapshot is. */
            runtime_state: components["schemas"]["RuntimeState"];
            /** @description The service. */
            service: components["schemas"]["Service"];
            /** @description How it ended. */
            status: components["schemas"]["Status"];
            /** @description What happened, in one line. */
            summary: string;
        };
        RestoreQuarantinedRequest: {
            /** @description The entry in quarantine. */
            entry_id: string;
            /** @default apply */
            mode?: components["schemas"]["Mode"];
        } | ({
            /**
             * @description What somebody said yes to.
             * @default []
             */
            consent?: components["schemas"]["Nature"][];
            /** @description A plan from a file. It is planned again, and must come out the same. */
            plan?: components["schemas"]["PlanFile"] | null;
            /**
             * Format: uuid
             * @description A plan that the runtime keeps.
             */
            plan_id?: string | null;
        } & (unknown | unknown));
        RevertRequest: {
            /** @default apply */
            mode?: components["schemas"]["Mode"];
            /**
             * Format: uuid
             * @description Which.
             */
            operation_id: string;
        } | ({
            /**
             * @description What somebody said yes to.
             * @default []
             */
            consent?: components["schemas"]["Nature"][];
            /** @description A plan from a file. It is planned again, and must come out the same. */
            plan?: components["schemas"]["PlanFile"] | null;
            /**
             * Format: uuid
             * @description A plan that the runtime keeps.
             */
            plan_id?: string | null;
        } & (unknown | unknown));
        /** @description A state, and why. */
        RuntimeState: {
            /** @description Why; empty where healthy. */
            reasons: components["schemas"]["Reason"][];
            /** @description The state. */
            state: components["schemas"]["State"];
        };
        /** @description How much the doctor looks at. */
        Scope: "registered" | "workspace";
        SelectionRequest: {
            /** @default apply */
            mode?: components["schemas"]["Mode"];
            /** @description Addresses (or globs over them), roots, UUIDs or ids. */
            selectors: string[];
        } | ({
            /**
             * @description What somebody said yes to.
             * @default []
             */
            consent?: components["schemas"]["Nature"][];
            /** @description A plan from a file. It is planned again, and must come out the same. */
            plan?: components["schemas"]["PlanFile"] | null;
            /**
             * Format: uuid
             * @description A plan that the runtime keeps.
             */
            plan_id?: string | null;
        } & (unknown | unknown));
        /** @description A service, by name. */
        Service: "init_workspace" | "register_asset" | "include_asset_in_build" | "exclude_asset_from_build" | "remove_asset" | "edit_asset" | "relocate_asset" | "list_assets" | "get_asset_details" | "doctor" | "allow_findings" | "apply_fixes" | "build" | "prune_cache" | "get_compile_surface" | "get_build_report" | "get_status" | "list_quarantine" | "restore_quarantined" | "purge_quarantined" | "get_history" | "revert" | "recover";
        /** @description How bad a finding is. */
        Severity: "info" | "warning" | "error";
        /** @description One import that was made. */
        SlowImport: {
            /** @description The asset's address. */
            address: string;
            /**
             * Format: double
             * @description How long reading and importing took, in milliseconds.
             */
            elapsed_ms: number;
            /** @description Who imported it. */
            importer: string;
            /** @description Why. */
            reason: string;
            /** @description The source, relative to its root. */
            source: string;
        };
        /** @description How far what the packer knows is to be believed. */
        State: "healthy" | "committing" | "reconciling" | "stale" | "diverged" | "failed";
        /** @description How an operation ended. */
        Status: "ok" | "preview" | "blocked" | "failed" | "indeterminate" | "cancelled";
        /** @description Of `get_status`. */
        StatusData: {
            /** @description How many of what. */
            counts: components["schemas"]["CountsData"];
            /** @description What the write lane does. */
            lane: components["schemas"]["LaneData"];
            /** @description The last build; null before the first. */
            last_build: components["schemas"]["LastBuild"] | null;
            /** @description The project's name. */
            name: string | null;
            /** @description The workspace, as the host's file system names it. */
            path: string;
            /**
             * Format: uuid
             * @description This run of the runtime.
             */
            run_id: string;
            /** @description How the workspace is observed. */
            watcher: components["schemas"]["WatcherData"];
        };
        /** @description Of `get_compile_surface`. */
        SurfaceData: {
            /** @description Sorted by address. */
            addressables: components["schemas"]["Addressable"][];
            /** @description The last pack's hash, where it holds exactly these. */
            in_pack: string | null;
        };
        /** @description How the workspace is observed. */
        WatcherData: {
            /** @description Whether anything observes it. */
            active: boolean;
            /** @description Why not, or what it cannot see. */
            message: string | null;
        };
        /** @description That it was done. */
        Word: "ok";
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type Action = components['schemas']['Action'];
export type Addressable = components['schemas']['Addressable'];
export type AllowData = components['schemas']['AllowData'];
export type AllowedPath = components['schemas']['AllowedPath'];
export type AllowFindingsRequest = components['schemas']['AllowFindingsRequest'];
export type Applicability = components['schemas']['Applicability'];
export type ApplyFixesRequest = components['schemas']['ApplyFixesRequest'];
export type AssetRef = components['schemas']['AssetRef'];
export type AssetShare = components['schemas']['AssetShare'];
export type BigPart = components['schemas']['BigPart'];
export type Blocker = components['schemas']['Blocker'];
export type BlockerCode = components['schemas']['BlockerCode'];
export type BuildData = components['schemas']['BuildData'];
export type BuildOutcome = components['schemas']['BuildOutcome'];
export type BuildRequest = components['schemas']['BuildRequest'];
export type CacheData = components['schemas']['CacheData'];
export type Cause = components['schemas']['Cause'];
export type ChangedAsset = components['schemas']['ChangedAsset'];
export type ChangedAssets = components['schemas']['ChangedAssets'];
export type Changes = components['schemas']['Changes'];
export type Class = components['schemas']['Class'];
export type Code = components['schemas']['Code'];
export type Composition = components['schemas']['Composition'];
export type CountsData = components['schemas']['CountsData'];
export type Data = components['schemas']['Data'];
export type DetailsData = components['schemas']['DetailsData'];
export type Diagnostic = components['schemas']['Diagnostic'];
export type DoctorData = components['schemas']['DoctorData'];
export type DoctorRequest = components['schemas']['DoctorRequest'];
export type Done = components['schemas']['Done'];
export type Done2 = components['schemas']['Done2'];
export type Done3 = components['schemas']['Done3'];
export type DuplicateParts = components['schemas']['DuplicateParts'];
export type EditAssetRequest = components['schemas']['EditAssetRequest'];
export type EditData = components['schemas']['EditData'];
export type EntryName = components['schemas']['EntryName'];
export type Event = components['schemas']['Event'];
export type ExplainedData = components['schemas']['ExplainedData'];
export type FailedCheck = components['schemas']['FailedCheck'];
export type FileDetails = components['schemas']['FileDetails'];
export type Files = components['schemas']['Files'];
export type Fix = components['schemas']['Fix'];
export type FixedFinding = components['schemas']['FixedFinding'];
export type FixesData = components['schemas']['FixesData'];
export type FolderShare = components['schemas']['FolderShare'];
export type GetAssetDetailsRequest = components['schemas']['GetAssetDetailsRequest'];
export type GetBuildReportRequest = components['schemas']['GetBuildReportRequest'];
export type GetCompileSurfaceRequest = components['schemas']['GetCompileSurfaceRequest'];
export type GetHistoryRequest = components['schemas']['GetHistoryRequest'];
export type GetStatusRequest = components['schemas']['GetStatusRequest'];
export type HistoryData = components['schemas']['HistoryData'];
export type HostAnswer = components['schemas']['HostAnswer'];
export type HostStatus = components['schemas']['HostStatus'];
export type ImporterRule = components['schemas']['ImporterRule'];
export type ImporterSet = components['schemas']['ImporterSet'];
export type InclusionData = components['schemas']['InclusionData'];
export type InitData = components['schemas']['InitData'];
export type InitWorkspaceRequest = components['schemas']['InitWorkspaceRequest'];
export type KindShare = components['schemas']['KindShare'];
export type LaneData = components['schemas']['LaneData'];
export type LaneOperation = components['schemas']['LaneOperation'];
export type LastBuild = components['schemas']['LastBuild'];
export type ListAssetsRequest = components['schemas']['ListAssetsRequest'];
export type ListData = components['schemas']['ListData'];
export type ListedAsset = components['schemas']['ListedAsset'];
export type ListedEntry = components['schemas']['ListedEntry'];
export type ListFilter = components['schemas']['ListFilter'];
export type ListQuarantineRequest = components['schemas']['ListQuarantineRequest'];
export type ListSort = components['schemas']['ListSort'];
export type Location = components['schemas']['Location'];
export type ManifestSet = components['schemas']['ManifestSet'];
export type Minted = components['schemas']['Minted'];
export type Mode = components['schemas']['Mode'];
export type Nature = components['schemas']['Nature'];
export type NoData = components['schemas']['NoData'];
export type OpenedData = components['schemas']['OpenedData'];
export type OpenProject = components['schemas']['OpenProject'];
export type OperationClass = components['schemas']['OperationClass'];
export type Outcome = components['schemas']['Outcome'];
export type PackData = components['schemas']['PackData'];
export type PartDetails = components['schemas']['PartDetails'];
export type PastOperation = components['schemas']['PastOperation'];
export type Plan = components['schemas']['Plan'];
export type PlanData = components['schemas']['PlanData'];
export type PlanFile = components['schemas']['PlanFile'];
export type Progress = components['schemas']['Progress'];
export type ProjectsData = components['schemas']['ProjectsData'];
export type PruneCacheRequest = components['schemas']['PruneCacheRequest'];
export type PruneData = components['schemas']['PruneData'];
export type PurgeQuarantinedRequest = components['schemas']['PurgeQuarantinedRequest'];
export type QuarantineData = components['schemas']['QuarantineData'];
export type Reason = components['schemas']['Reason'];
export type Receipt = components['schemas']['Receipt'];
export type RecoverChoice = components['schemas']['RecoverChoice'];
export type RecoverData = components['schemas']['RecoverData'];
export type RecoverRequest = components['schemas']['RecoverRequest'];
export type RecoverStep = components['schemas']['RecoverStep'];
export type RefusedFix = components['schemas']['RefusedFix'];
export type RegisterAssetRequest = components['schemas']['RegisterAssetRequest'];
export type RegisterData = components['schemas']['RegisterData'];
export type Related = components['schemas']['Related'];
export type RelocateAssetRequest = components['schemas']['RelocateAssetRequest'];
export type RelocateData = components['schemas']['RelocateData'];
export type RemoveAssetRequest = components['schemas']['RemoveAssetRequest'];
export type ReportData = components['schemas']['ReportData'];
export type ReportedBuild = components['schemas']['ReportedBuild'];
export type Request = components['schemas']['Request'];
export type Response = components['schemas']['Response'];
export type RestoreQuarantinedRequest = components['schemas']['RestoreQuarantinedRequest'];
export type RevertRequest = components['schemas']['RevertRequest'];
export type RuntimeState = components['schemas']['RuntimeState'];
export type Scope = components['schemas']['Scope'];
export type SelectionRequest = components['schemas']['SelectionRequest'];
export type Service = components['schemas']['Service'];
export type Severity = components['schemas']['Severity'];
export type SlowImport = components['schemas']['SlowImport'];
export type State = components['schemas']['State'];
export type Status = components['schemas']['Status'];
export type StatusData = components['schemas']['StatusData'];
export type SurfaceData = components['schemas']['SurfaceData'];
export type WatcherData = components['schemas']['WatcherData'];
export type Word = components['schemas']['Word'];
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
