/**
 * What a record is: its declared fields, its key, its one canonical form and the hash of it, and how a source's record is mapped to them.
 * Knows neither Camel nor Spring nor a database, so that every side and every store means the same by "the same record".
 */
package io.syncline.record;
