package io.syncline.source;

import io.syncline.record.Observed;

/** What stands among the files and is none: told once, as a rejected record without a key, and the files beside it are read. */
final class NoFile implements FileRecords {
    private final String name;
    private final String why;
    private String told;

    NoFile(Delivered entry) {
        this.name = "file " + Asked.shown(entry.name());
        this.why = name + " cannot be read: " + entry.kind() + ". Put the file itself there.";
    }

    @Override
    public Observed next() {
        if (told != null) {
            return null;
        }
        told = why;
        return Rejected.with(told, name);
    }

    @Override
    public String fault() {
        return told;
    }

    @Override
    public void close() {
        // Nothing was opened.
    }
}
