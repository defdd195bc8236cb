// @ts-check
// The parts of a project, by name.

/** @import { Part } from "../router.js" */
/** @import { ViewContext } from "../main.js" */

import { activity } from "./activity.js";
import { assets } from "./assets.js";
import { diagnostics } from "./diagnostics.js";
import { history } from "./history.js";
import { quarantine } from "./quarantine.js";
import { report } from "./report.js";

/** @type {Record<Part, (context: ViewContext) => void>} */
const VIEWS = { assets, diagnostics, activity, report, quarantine, history };

/** @param {Part} part */
export const of = (part) => VIEWS[part];
