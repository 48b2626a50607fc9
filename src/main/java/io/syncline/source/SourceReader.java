package io.syncline.source;

import io.syncline.record.Observed;

import java.util.Optional;

/** One kind of source. Its pages are fetched where they are asked for; {@link Ahead} does so in advance. */
interface SourceReader {
    PageReader open(Read read, String resume);

    /** Few kinds can; the others are read as a whole. */
    default Optional<Observed> byId(Read read, String key) {
        throw new Asked(read.system().name(), "read one record").failure(SourceFailure.Kind.REFUSED,
                "single records of " + read.resource().name() + " cannot be asked for", "Read the whole resource");
    }

    boolean drifts(Read read);
}
