package io.syncline.source;

import io.syncline.record.Observed;
import io.syncline.record.WhenRead;

import java.util.Optional;

/** The one door to all systems. */
interface Sources {
    /**
     * @param resume   from an earlier {@link io.syncline.record.Page#resume()}, or null to begin
     * @param whenRead is told of each page as soon as it is there
     */
    PageReader open(Read read, String resume, WhenRead whenRead);

    /** Whether single records of the resource can be asked for. */
    boolean readsById(Read read);

    /**
     * One record.
     *
     * @return empty when the source says that there is none, which is a proof
     * @throws SourceFailure when it says anything else
     */
    Optional<Observed> byId(Read read, String key);

    /** Whether records can slip between the pages of this resource, so that an absence from them needs confirmation. */
    boolean drifts(Read read);
}
