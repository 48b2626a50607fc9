package io.syncline.source;

import io.syncline.config.SourceConfig;
import io.syncline.record.Observed;
import io.syncline.record.Page;

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
                return pages.understand(entry.send(read, pages.request()));
            }

            @Override
            public void close() {
                // Holds nothing open between pages.
            }
        };
    }

    @Override
    public Optional<Observed> byId(Read read, String key) {
        HttpRequest request = WebReads.of(read).byId(key);
        return HttpPages.understandRecord(read, key, entry.send(read, request));
    }

    @Override
    public boolean drifts(Read read) {
        SourceConfig.Paging paging = WebReads.of(read).paging();
        return paging.kind() != SourceConfig.Paging.Kind.NONE && !paging.stable();
    }
}
