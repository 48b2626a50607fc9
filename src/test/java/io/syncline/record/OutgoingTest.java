package io.syncline.record;

import org.junit.jupiter.api.Test;

import java.time.ZoneId;
import java.util.List;

import static io.syncline.record.Records.read;
import static org.assertj.core.api.Assertions.assertThat;

/** What is written to a side: promise 15, and nothing but what is meant. */
class OutgoingTest {
    private static final TimeFormat MILLIS = TimeFormat.of("epoch-millis", ZoneId.of("UTC"));
    private static final Shape SHAPE = new Shape(List.of(
            field("name", FieldType.TEXT, "title", "head.title", null, Excerpt.ALL),
            field("price", FieldType.DECIMAL, "price", "price", null, Excerpt.ALL),
            field("size", FieldType.INTEGER, "size", "head.size", null, Excerpt.ALL),
            field("since", FieldType.TIMESTAMP, "since", "since", MILLIS, Excerpt.ALL),
            field("day", FieldType.DATE, "day", "day", TimeFormat.of("dd.MM.uuuu", ZoneId.of("UTC")), Excerpt.ALL),
            field("tags", FieldType.JSON, "tags", "tags", null, new Excerpt(Path.of("id"), List.of())),
            field("vendor", FieldType.JSON, "vendor", "vendor", null, new Excerpt(null, List.of(Path.of("id"), Path.of("sub.cost")))),
            field("seen", FieldType.TEXT, "seen", null, null, Excerpt.ALL)));

    private static Field field(String name, FieldType type, String from, String to, TimeFormat time, Excerpt excerpt) {
        return new Field(name, type, Path.of(from), false, name.equals("tags"), false, time, null, to == null ? null : Path.of(to), excerpt);
    }

    private static Document document(String record) {
        return read(new SideMapping(SHAPE, List.of(Path.of("id")), null, null, null, null), record).document();
    }

    private static final Document AGREED = document("""
            {"id": 1, "title": "pump", "price": 4.50, "size": 9007199254740993, "since": 1700000000123, "day": "31.01.2026", "seen": "x",
             "tags": [{"id": 2, "name": "b"}, {"id": 1}, 3], "vendor": {"id": 7, "name": "CED", "sub": [{"cost": 1.10, "no": 1}]}}""");

    @Test
    void shouldWriteEverythingInTheSidesOwnForm() {
        assertThat(AGREED.text()).isEqualTo("{\"day\":\"2026-01-31\",\"name\":\"pump\",\"price\":4.5,\"seen\":\"x\",\"since\":\"2023-11-14T22:13:20.123Z\","
                + "\"size\":9007199254740993,\"tags\":[1,2,3],\"vendor\":{\"id\":7,\"sub\":[{\"cost\":1.1}]}}");
        assertThat(Outgoing.whole(SHAPE, AGREED, path -> true).body(null, null)).isEqualTo("{\"day\":\"31.01.2026\",\"head\":{\"title\":\"pump\","
                + "\"size\":9007199254740993},\"price\":4.5,\"since\":1700000000123,\"tags\":[1,2,3],\"vendor\":{\"id\":7,\"sub\":[{\"cost\":1.1}]}}");
    }

    @Test
    void shouldSendOnlyWhatChanged() {
        Document edited = document("{\"id\":1,\"title\":\"pump\",\"price\":4.5000000000000001,\"size\":9007199254740993,\"since\":1700000000123,"
                + "\"day\":\"31.01.2026\",\"seen\":\"y\",\"tags\":[1,2,3],\"vendor\":{\"id\":7,\"sub\":[{\"cost\":1.1}]}}");

        Outgoing change = Outgoing.change(SHAPE, AGREED, edited, false, path -> true);

        assertThat(change.body("{\"active\":true,\"by\":\"{id}\",\"was\":{\"called\":\"{name}\"},\"note\":\"{plain text}\",\"x\":1.10}", "a\"1"))
                .isEqualTo("{\"active\":true,\"by\":\"a\\\"1\",\"was\":{\"called\":\"pump\"},\"note\":\"{plain text}\",\"x\":1.10,"
                        + "\"price\":4.5000000000000001}");
        assertThat(Outgoing.change(SHAPE, AGREED, edited, true, path -> true).sent()).hasSize(7);
    }

    @Test
    void shouldSayAgainWhatStandsBesideAChangedMember() {
        Document edited = document("{\"id\":1,\"title\":\"valve\",\"size\":3,\"price\":4.5}");

        assertThat(Outgoing.change(SHAPE, document("{\"id\":1,\"title\":\"pump\",\"size\":3,\"price\":4.5}"), edited, false, path -> true).body(null, null))
                .isEqualTo("{\"head\":{\"title\":\"valve\",\"size\":3}}");
    }

    @Test
    void shouldTellNullFromMissing() {
        Document emptied = document("{\"id\":1,\"title\":null,\"price\":4.5}");

        Outgoing change = Outgoing.change(SHAPE, document("{\"id\":1,\"title\":\"pump\",\"price\":4.5,\"size\":1}"), emptied, false, path -> true);
        assertThat(change.body(null, null)).isEqualTo("{\"head\":{\"title\":null,\"size\":null}}");

        assertThat(Outgoing.whole(SHAPE, emptied, path -> true).body(null, null)).isEqualTo("{\"head\":{\"title\":null},\"price\":4.5}");
        assertThat(Outgoing.whole(SHAPE, emptied, path -> false).body(null, null)).isEqualTo("{\"price\":4.5}");
    }

    @Test
    void shouldNameWhatCannotBeEmptied() {
        Outgoing change = Outgoing.change(SHAPE, AGREED, document("{\"id\":1,\"title\":null,\"size\":null}"), false, "head.size"::equals);

        assertThat(change.problems()).contains("name is empty, and head.title cannot be null there").noneMatch(problem -> problem.startsWith("size"));
        assertThat(Outgoing.change(SHAPE, document("{\"id\":1,\"title\":null}"), document("{\"id\":1,\"price\":1}"), true, path -> false).problems()).isEmpty();
    }

    @Test
    void shouldKnowWhatWasSaid() {
        Outgoing change = Outgoing.change(SHAPE, AGREED,
                Document.stored("{\"name\":\"valve\",\"since\":\"2023-11-14T22:13:21.123456Z\",\"tags\":[{\"id\":9}]}"),
                false, path -> true);
        SideMapping side = new SideMapping(SHAPE, List.of(Path.of("id")), null, null, null, null);

        assertThat(change.isSaidBy(read(side, "{\"id\":1,\"title\":\"valve\",\"since\":1700000001123,"
                + "\"tags\":[{\"id\":9,\"name\":\"n\"}],\"seen\":\"z\"}"))).isTrue();
        assertThat(change.isSaidBy(read(side, "{\"id\":1,\"title\":\"valve\",\"since\":1700000001124,\"tags\":[{\"id\":9}]}"))).isFalse();
        assertThat(change.text("name")).isEqualTo("valve");
        assertThat(change.text("since")).isEqualTo("1700000001123");
        assertThat(change.text("day")).isEmpty();
    }
}
