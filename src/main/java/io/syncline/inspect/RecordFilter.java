package io.syncline.inspect;

/**
 * Which records a search is about. Whatever is null does not matter.
 *
 * @param keyPrefix how their keys begin
 * @param text      that one of their text fields holds, whatever its case
 * @param status    one of {@link Records#STATUSES}; those that are not deleted where it is null
 * @param then      as they were then; not together with a status
 */
public record RecordFilter(String keyPrefix, String text, String status, Then then) {
}
