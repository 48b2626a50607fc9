package io.syncline.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.syncline.record.Observed;
import io.syncline.record.Path;
import io.syncline.record.SideMapping;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A record in a delta: a whole one, one of which only what changed is told, or one that is gone. Promise 6: gone is what the source says is deleted; what it
 * only no longer counts to the set, and what it tells in part, has to be asked for.
 */
final class ODataDelta implements RecordForm {
    private final ODataRecord form;
    private final List<String> key;
    private final Set<String> whole;
    private final Set<String> unclear = new HashSet<>();

    /**
     * @param key   the names of the key's properties, in order
     * @param whole the members that a whole record has
     */
    ODataDelta(ODataRecord form, List<String> key, Set<String> whole) {
        this.form = form;
        this.key = key;
        this.whole = whole;
    }

    @Override
    public Observed read(JsonParser parser, SideMapping mapping) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return mapping.read(parser);
        }
        ODataNote note = new ODataNote();
        Observed told = form.read(parser, mapping, note);
        if (note.isRemoved()) {
            return gone(note.tellsKey() && told.key() != null ? told.key() : keyIn(note.address(), mapping), told, note.isDeleted());
        }
        return told.key() == null || note.has(whole) ? told : unclear(told.key(), told, "the delta told a part of it only");
    }

    @Override
    public Set<String> unclear() {
        return unclear;
    }

    private Observed gone(String id, Observed told, boolean deleted) {
        if (id == null) {
            return new Observed(null, null, null, null, false, List.of("key: the delta does not say whose deletion it tells"), null);
        }
        return deleted ? new Observed(id, null, told.version(), told.modifiedAt(), true, List.of(), null)
                : unclear(id, told, "the source says that it is no longer in the set, and does not say that it is deleted");
    }

    private Observed unclear(String id, Observed told, String why) {
        unclear.add(id);
        return new Observed(id, null, told.version(), told.modifiedAt(), false, List.of(why), null);
    }

    /** The key as a record would tell it, out of an address such as {@code CaseItems(CaseId='17',ItemNo=2)}; null where it does not stand there. */
    private String keyIn(String address, SideMapping mapping) throws IOException {
        Map<String, String> parts = address == null ? null : ODataLiteral.parts(address, key);
        if (parts == null) {
            return null;
        }
        List<String> mapped = mapping.key().stream().map(Path::toString).toList();
        boolean byName = mapped.containsAll(key);
        try (TokenBuffer record = new TokenBuffer(null, false)) {
            record.writeStartObject();
            for (int i = 0; i < key.size(); i++) {
                record.writeStringField(byName ? key.get(i) : mapped.get(i), parts.get(key.get(i)));
            }
            record.writeEndObject();
            try (JsonParser parser = record.asParserOnFirstToken()) {
                return mapping.read(parser).key();
            }
        }
    }
}
