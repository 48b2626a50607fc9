package io.syncline.source;

import io.syncline.record.Observed;

import java.util.Optional;

/** One kind of source. Its pages are fetched where they are asked for; {@link Ahead} does so in advance. */
interface SourceReader {
    PageReader open(Read read, String resume);

    boolean readsById(Read read);

    Optional<Observed> byId(Read read, String key);

    boolean drifts(Read read);
}
