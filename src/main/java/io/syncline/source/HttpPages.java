package io.syncline.source;

import io.syncline.config.SourceConfig;
import io.syncline.record.Observed;
import io.syncline.record.Page;
import io.syncline.source.JsonAnswer.Understood;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * The pages of one read over HTTP, one after the other: what to ask, and what to make of the answer. Sends nothing itself, so that a run over the network
 * and a case without one go through the same code.
 */
final class HttpPages {
    private final Read read;
    private final WebReads reads;
    private final Paginator paginator;
    private final Witness witness;
    private Position position;
    private Instant askedAt;
    private Set<String> unclear = Set.of();

    HttpPages(Read read, String resume) {
        this(read, Position.of(resume, WebReads.of(read).asked("")));
    }

    HttpPages(Read read, Position position) {
        this(read, WebReads.of(read), position);
    }

    HttpPages(Read read, WebReads reads, Position position) {
        this.read = read;
        this.reads = reads;
        this.paginator = new Paginator(reads.paging(), reads::uncounted);
        this.position = position;
        this.witness = new Witness(reads.paging(), position);
    }

    /** The request for the next page. */
    HttpRequest request() {
        return reads.page(position);
    }

    /** @throws SourceFailure when the answer is no page */
    Page understand(HttpAnswer answer) {
        Asked asked = request().asked();
        requireKnownCursor(answer, asked);
        Statuses.requirePage(answer, position, reads.paging(), read.since() == null ? null : reads.since(), asked, said(answer));
        requireClockBehindMark(answer, asked);
        RecordForm form = reads.form();
        Understood page = JsonAnswer.page(answer, reads.records(), reads.paging(), reads.delta(), read.mapping(), form, asked);
        unclear = form.unclear();
        Long total = paginator.total(position, page, answer, asked);
        String next = paginator.next(position, page, total, answer, asked);
        witness.saw(page, total, next, asked);
        askedAt = askedAt == null ? answer.askedAt() : askedAt;
        int number = position.page();
        position = position.then(next, page.records().size(), witness.firstTotal(), page.fingerprint());
        if (next == null) {
            return new Page(number, page.records(), true, null, total, askedAt, witness.incomplete(), witness.uncounted(), cursor(page, asked));
        }
        // Promise 5: a link that leads elsewhere fails here, with the page that holds it.
        request();
        return new Page(number, page.records(), false, position.resume(), total, askedAt, null);
    }

    /** The keys of the records on the last page that was understood which it told in part only. */
    Set<String> unclear() {
        return unclear;
    }

    private String cursor(Understood last, Asked asked) {
        if (last.delta() == null && read.cursor() != null) {
            // Promise 5: without it, nobody can tell the end of the changes from an answer that was cut.
            throw asked.failure(SourceFailure.Kind.NONSENSE, "the answer to a delta link has neither a next link nor a delta link",
                    "Ask the system's operator, or leave delta out of the system's file");
        }
        return last.delta() == null ? null : reads.cursor(last.delta());
    }

    /** The link is wholly the source's own, so whatever it finds wrong with it says that it no longer knows it. */
    private void requireKnownCursor(HttpAnswer answer, Asked asked) {
        if (read.cursor() != null && !position.resumed() && (answer.status() == 400 || reads.isGone(answer))) {
            throw asked.failure(SourceFailure.Kind.MARK_LOST, "answered " + answer.status() + " to the delta link that was kept", "Read everything");
        }
    }

    /** Promise 28: a link may be a key to the data, and a source may repeat what it was sent. */
    String said(HttpAnswer answer) {
        String said = reads.said(answer);
        String link = position.at() != null ? position.at() : read.cursor();
        return said == null || link == null || !Encoded.repeats(said, link) ? said : null;
    }

    /**
     * Promise 2: where the source's clock was set back behind the moment since which changes are asked for, changes made since then are before that moment,
     * and an answer without them is not the truth.
     */
    private void requireClockBehindMark(HttpAnswer answer, Asked asked) {
        SourceConfig.Since since = reads.since();
        if (since == null || read.since() == null || read.cursor() != null || position.page() > 1) {
            return;
        }
        Instant earliest = read.since().minus(since.overlap());
        SourceClock.told(answer.headers()).filter(date -> date.plusSeconds(1).isBefore(earliest)).ifPresent(date -> {
            throw asked.failure(SourceFailure.Kind.MARK_LOST, "the source's clock says " + date + ", so it was set back behind the watermark " + read.since()
                    + " and its changes since then cannot be asked for", "Read everything");
        });
    }

    /** One record's answer, or the source's word that there is none. */
    static Optional<Observed> understandRecord(Read read, String key, HttpAnswer answer) {
        WebReads reads = WebReads.of(read);
        Asked asked = reads.byId(key).asked();
        if (reads.isGone(answer)) {
            return Optional.empty();
        }
        Statuses.require(answer, asked, reads.said(answer));
        Observed record = JsonAnswer.record(answer, reads.record(), read.mapping(), reads.form(), asked);
        if (!key.equals(record.key())) {
            throw asked.failure(SourceFailure.Kind.NONSENSE, record.key() == null ? "what came has no readable key" : "another record came",
                    "Compare how one record is asked for in the system's file with the system's documentation");
        }
        return Optional.of(record);
    }
}
