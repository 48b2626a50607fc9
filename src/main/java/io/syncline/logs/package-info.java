/**
 * What a log line says and in which form, and how the run, sync, organisation and request that it is about follow the work over threads. Everything that logs
 * may build on it; of ours it builds on the settings only.
 */
package io.syncline.logs;
