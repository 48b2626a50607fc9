package io.syncline.source;

import io.syncline.config.SourceConfig.Paging;
import io.syncline.record.Observed;
import io.syncline.record.Page;
import io.syncline.source.JsonAnswer.Understood;

import java.time.Instant;
import java.util.List;

/**
 * A read whose answers are handed in as they would be understood, so that a simulation needs no bytes. What the end of the data is, and whether the
 * pages are a proof, is for the product's own paginator and witness to say.
 */
public final class SimulatedRead {
    private static final Asked ASKED = new Asked("world", "GET /records");

    private final Paginator paginator;
    private final Witness witness;
    private Position position;
    private Instant askedAt;

    /** @param resume where an earlier read of the same run stood, or null to begin */
    public SimulatedRead(Paging paging, String resume) {
        this.position = Position.of(resume, ASKED);
        this.paginator = new Paginator(paging);
        this.witness = new Witness(paging, position);
    }

    /** The cursor or page number to ask for, or null for the first page. */
    public String at() {
        return position.at();
    }

    /** @throws SourceFailure when the answer is no page */
    public Page understand(List<Observed> records, Boolean more, String cursor, Long told, Instant at) {
        Understood page = new Understood(records, more, cursor, told, fingerprint(records));
        Long total = paginator.total(position, page, null, ASKED);
        String next = paginator.next(position, page, total, null, ASKED);
        witness.saw(page, total, next, ASKED);
        askedAt = askedAt == null ? at : askedAt;
        int number = position.page();
        position = position.then(next, records.size(), witness.firstTotal(), page.fingerprint());
        return next == null ? new Page(number, records, true, null, total, askedAt, witness.incomplete(), witness.uncounted())
                : new Page(number, records, false, position.resume(), total, askedAt, null);
    }

    public static SourceFailure failure() {
        return ASKED.failure(SourceFailure.Kind.UNREACHABLE, "no answer", "Try again later");
    }

    private static long fingerprint(List<Observed> records) {
        Fingerprint fingerprint = new Fingerprint();
        for (Observed record : records) {
            fingerprint.add(record.key() == null ? "without key " + record.raw() : record.key(), null, 0, 0);
        }
        return fingerprint.value();
    }
}
