package io.syncline.api;

import io.syncline.config.SyncConfig;
import io.syncline.conflict.Card;
import io.syncline.conflict.Cards;
import io.syncline.conflict.Conflict;
import io.syncline.conflict.ConflictFilter;
import io.syncline.conflict.ConflictList;
import io.syncline.inspect.Places;
import org.apache.camel.Variable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The doors to conflicts: all of them, and one with what each decision would write. Promise 29: another organisation's is answered like none. */
final class ConflictDoor {
    private static final List<String> STATES = List.of("open", "settled", "all");

    private final Places places;
    private final ConflictList conflicts;
    private final Cards cards;

    ConflictDoor(Places places, ConflictList conflicts, Cards cards) {
        this.places = places;
        this.conflicts = conflicts;
        this.cards = cards;
    }

    public Answer list(@Variable(Call.NAME) Call call) {
        SyncConfig sync = sync(call);
        Parameters asked = new Parameters(call);
        int limit = asked.limit();
        String state = asked.oneOf("state", STATES);
        ConflictFilter filter = new ConflictFilter(call.caller().organisation(), sync.name(), state == null ? "open" : state.equals("all") ? null : state,
                asked.text("entity"), asked.text("field"), asked.oneOf("kind", ConflictList.KINDS), asked.text("key"), asked.text("settledBy"),
                asked.text("q"), null);
        asked.refuseMistakes();
        ConflictList.Part part = conflicts.read(filter, Cursor.number(call).orElse(null), limit + 1);
        ConflictDocument document = document(sync);
        List<Conflict> found = part.items();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("counts", part.counts());
        answer.put("items", found.stream().limit(limit).map(document::item).toList());
        answer.put("next", found.size() > limit ? Cursor.of(found.get(limit - 1).id()) : null);
        return Answer.of(200, Map.of(), answer);
    }

    public Answer show(@Variable(Call.NAME) Call call) {
        SyncConfig sync = sync(call);
        Card card = id(call).flatMap(id -> cards.find(sync, call.caller().organisation(), id)).orElseThrow(ConflictDocument::noSuchConflict);
        return Answer.of(200, Map.of("ETag", card.seen().tag()), document(sync).card(card));
    }

    SyncConfig sync(Call call) {
        return places.sync(call.caller().organisation(), call.parameter("sync")).orElseThrow(RecordDoor::noSuchSync);
    }

    ConflictDocument document(SyncConfig sync) {
        return new ConflictDocument(sync, cards.systemTitle(sync));
    }

    static Optional<Long> id(Call call) {
        return Optional.of(call.parameter("id")).filter(text -> text.matches("[0-9]{1,18}")).map(Long::valueOf);
    }
}
