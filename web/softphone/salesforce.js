/** Salesforce's own records, which here a simulator keeps. */

import { request } from '../shared/http.js';

/**
 * @typedef {object} WorkItem an AgentWork
 * @property {string} workId
 * @property {string} workItemId the record that it is about
 * @property {string} type Voicemail, ContactRequest or VoiceCall
 * @property {string} status ASSIGNED, ACCEPTED, DECLINED, TRANSFERRED or CLOSED
 * @property {string} [voiceCallId]
 * @property {string} [contactRequestId]
 * @property {string} [phoneNumber]
 * @property {string} [name]
 * @property {string} [queue]
 * @property {string} at ISO 8601
 *
 * @typedef {Record<string, any>} VoiceCall by the names of the API
 */

const UI = '/salesforce-simulator/ui';

/** @param {unknown[]} parts */
function path(...parts) {
  return [UI, ...parts.map((part) => encodeURIComponent(String(part)))].join('/');
}

/**
 * @param {string} key a VoiceCall's id or vendorCallKey
 * @returns {Promise<VoiceCall>} with transcript, events, recording and related calls
 */
export function voiceCall(key) {
  return request('GET', path('voiceCalls', key));
}

/**
 * @param {Record<string, unknown>} fields
 * @returns {Promise<VoiceCall>}
 */
export function createVoiceCall(fields) {
  return request('POST', path('voiceCalls'), fields);
}

/**
 * @param {string} key
 * @param {Record<string, unknown>} fields
 * @returns {Promise<VoiceCall>}
 */
export function changeVoiceCall(key, fields) {
  return request('PATCH', path('voiceCalls', key), fields);
}

/**
 * @param {string} userName
 * @returns {Promise<WorkItem[]>}
 */
export async function workItems(userName) {
  return listIn(await request('GET', `${path('workItems')}?user=${encodeURIComponent(userName)}`));
}

/**
 * @param {string} workId
 * @param {'accept' | 'decline' | 'close' | 'transfer'} step
 * @param {Record<string, string>} [details]
 * @returns {Promise<WorkItem>}
 */
export function changeWork(workId, step, details = {}) {
  return request('POST', path('workItems', workId, step), details);
}

/**
 * The Omni-Channel flows to which a call can be transferred (guide chapter 13).
 *
 * @returns {Promise<{ name: string }[]>}
 */
export async function flows() {
  return listIn(await request('GET', path('flows')));
}

/**
 * The calls of all agents, for a supervisor.
 *
 * @returns {Promise<{ agents: any[], calls: any[] }>}
 */
export function overview() {
  return request('GET', '/demo/v1/overview');
}

/**
 * The custom labels that the org has, each as namespace.labelName.
 *
 * @returns {Promise<string[]>}
 */
export async function labelsOfOrg() {
  return (await request('GET', '/demo/v1/settings')).labels ?? [];
}

/**
 * @param {any} body a list, or an object with one list in it
 * @returns {any[]}
 */
function listIn(body) {
  if (Array.isArray(body)) {
    return body;
  }
  return Object.values(body ?? {}).find(Array.isArray) ?? [];
}
