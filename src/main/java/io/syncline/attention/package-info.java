/**
 * What waits for a person, as one list: records that were rejected or parked, deletes that are held, conflicts. Each can be looked at as it was read,
 * asked for again, or discarded with a reason.
 */
package io.syncline.attention;
