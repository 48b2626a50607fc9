package io.syncline.source;

import io.syncline.record.Observed;

import java.time.Instant;
import java.util.List;

/**
 * One page of a resource, whole and understood.
 *
 * @param number     from 1
 * @param resume     what {@link Sources#open} takes to go on after this page; null on the last
 * @param total      how many records the source says there are, or null
 * @param askedAt    a moment, by the source's clock where it tells it and else by ours, before which every change is in this answer
 * @param incomplete on the last page, why the pages are no proof of an absence; null when they are one
 */
public record Page(int number, List<Observed> records, boolean isLast, String resume, Long total, Instant askedAt, String incomplete) {
}
