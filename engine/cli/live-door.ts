import { dataFolder } from "../config/read/data-folder.ts";
import type { WorkItem } from "../cases/index.ts";
import type { Access } from "../console/access-record.ts";
import { controlPath } from "../console/control-path.ts";
import type { JobView } from "../runtime/operator/job.ts";
import type { PauseOrder } from "../runtime/operator/standing-orders.ts";
import type { Entry, MessageId, MessageSummary } from "../store/store.ts";
import { callControl } from "./control-client.ts";
import type { LiveDoor } from "./door.ts";

/** The running engine of a project; CLI-101 when there is none. */
export async function openLiveDoor(root: string): Promise<LiveDoor> {
  const path = controlPath(dataFolder(root));
  const get = <T>(url: string) => callControl<T>(path, "GET", url);
  const post = <T>(url: string, body: unknown = {}) => callControl<T>(path, "POST", url, body);
  const lanes = async (url: string, body: unknown) => (await post<{ lanes: readonly string[] }>(url, body)).lanes;
  const door: LiveDoor = {
    live: true,
    status: () => get("/api/status"),
    messages: async (query) => {
      const { messages, ...more } = await post<{ messages: MessageSummary[]; more?: MessageId; lanes?: readonly string[] }>("/api/messages/search", query);
      return Object.assign(messages, more);
    },
    timeline: (id) => get(`/api/messages/${id}`),
    contents: (id, access) => (access ? post(`/api/messages/${id}/contents`, access) : get(`/api/messages/${id}/contents`)),
    views: async (id) => {
      const { views, unreadable } = await get<{ views: readonly Access[]; unreadable?: number }>(`/api/views${id === undefined ? "" : `?message=${id}`}`);
      return Object.assign(views, unreadable === undefined ? {} : { unreadable });
    },
    work: async ({ list, state, before, limit }) => {
      const query = new URLSearchParams({ state: state ?? "all", limit: String(limit), ...(list !== undefined && { list }), ...(before !== undefined && { before: String(before) }) });
      return (await get<{ items: readonly WorkItem[] }>(`/api/work?${query}`)).items;
    },
    workItem: (id) => get(`/api/work/${id}`),
    acknowledge: (id, how) => post(`/api/work/${id}/ack`, how),
    closeWork: (id, how) => post(`/api/work/${id}/close`, how),
    retry: (lane, id) => post("/api/entries/retry", { lane, id }),
    discard: (lane, id, reason) => post("/api/entries/discard", { lane, id, reason }),
    resolve: (lane, id, how) => post("/api/entries/resolve", { lane, id, ...how }),
    preview: (request) => post("/api/jobs/preview", request),
    startJob: (request) => post("/api/jobs", request),
    jobs: async () => (await get<{ jobs: readonly JobView[] }>("/api/jobs")).jobs,
    job: (id) => get(`/api/jobs/${id}`),
    pauseJob: (id) => post(`/api/jobs/${id}/pause`),
    resumeJob: (id, reason) => post(`/api/jobs/${id}/resume`, { reason }),
    stopJob: (id) => post(`/api/jobs/${id}/stop`),
    compare: (request) => post(request.purpose === undefined ? "/api/compare" : "/api/compare/values", request),
    orders: async () => (await get<{ orders: Readonly<Record<string, PauseOrder>> }>("/api/lanes/orders")).orders,
    pauseLanes: (choice, reason) => lanes("/api/lanes/pause", { ...choice, reason }),
    resumeLanes: (choice) => lanes("/api/lanes/resume", choice),
    retryNow: (choice) => lanes("/api/lanes/retry-now", choice),
    first: async (lane) => (await get<{ entry?: Entry }>(`/api/lanes/first?${new URLSearchParams({ lane })}`)).entry,
    intake: async (what, channels) => (await post<{ channels: readonly string[] }>(`/api/intake/${what}`, { channels })).channels,
    hold: (partner) => lanes("/api/partners/hold", { partner }),
    release: (partner) => lanes("/api/partners/release", { partner }),
    close: () => {},
  };
  await get("/api/alive");
  return door;
}
