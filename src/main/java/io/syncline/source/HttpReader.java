package io.syncline.source;

import io.syncline.config.SourceConfig;
import io.syncline.record.Observed;
import io.syncline.record.Page;

import java.util.List;
import java.util.Optional;

/** {@code kind: http} and {@code kind: odata}. */
final class HttpReader implements SourceReader {
    private final Entry entry;

    HttpReader(Entry entry) {
        this.entry = entry;
    }

    @Override
    public PageReader open(Read read, String resume) {
        HttpPages pages = new HttpPages(read, resume);
        pages.request();
        return new PageReader() {
            @Override
            public Page next() {
                Page page = pages.understand(entry.send(read, pages.request(), pages::said));
                return pages.unclear().isEmpty() ? page : page.with(record -> pages.unclear().contains(record.key()) ? asked(read.whole(), record) : record);
            }

            @Override
            public void close() {
                // Holds nothing open between pages.
            }
        };
    }

    /** What becomes of a record that was told in part: what the source answers to its key. One that it does not answer for stays out with its reason. */
    private Observed asked(Read read, Observed told) {
        try {
            return byId(read, told.key())
                    .orElseGet(() -> new Observed(told.key(), null, told.version(), told.modifiedAt(), true, List.of(), null));
        } catch (SourceFailure e) {
            if (e.kind() == SourceFailure.Kind.UNREACHABLE) {
                throw e;
            }
            return told;
        }
    }

    @Override
    public Optional<Observed> byId(Read read, String key) {
        WebReads reads = WebReads.of(read);
        return HttpPages.understandRecord(read, key, entry.send(read, reads.byId(key), reads::said));
    }

    @Override
    public boolean drifts(Read read) {
        SourceConfig.Paging paging = WebReads.of(read).paging();
        return paging.kind() != SourceConfig.Paging.Kind.NONE && !paging.stable();
    }
}
