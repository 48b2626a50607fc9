package io.syncline.store;

import io.syncline.change.Rules;
import io.syncline.record.Document;
import io.syncline.record.FieldType;
import io.syncline.record.Json;
import io.syncline.record.Missing;
import io.syncline.record.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.ConnectionCallback;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/** Columns are written from a document's bytes; they hold what its values would have said. */
@ExtendWith(Store.Closing.class)
class DocumentColumnsTest {
    private static final int DOCUMENTS = 3_000;
    private static final Shape SHAPE = new Shape(List.of(Store.field("amount", FieldType.DECIMAL), Store.field("at", FieldType.TIMESTAMP),
            Store.field("count", FieldType.INTEGER), Store.field("day", FieldType.DATE), Store.field("name", FieldType.TEXT),
            Store.field("nested", FieldType.JSON), Store.field("true", FieldType.BOOLEAN)));
    private static final String[] TEXTS = {"", "Pump", "\u00fc\u20ac\ud83d\ude00", "3/4\"", "a\\b", "\n\t\u0001", "null", "true", "12"};
    private static final String[] JSON = {"{}", "[]", "[1,null,true]", "{\"a\":\"3/4\\\"\",\"b\":[{}]}", "\"text\"", "\"\"", "\"\\n\"", "1.5", "true"};
    private final Store store = new Store(Store.sync(Store.entity("items", Rules.Policy.REVIEW, false, Store.field("name", FieldType.TEXT))));
    private final SplittableRandom random = new SplittableRandom(20261122);

    @Test
    void columnsSayWhatTheValuesSay() {
        List<Document> documents = new ArrayList<>();
        documents.add(null);
        for (int i = 0; i < DOCUMENTS; i++) {
            documents.add(SHAPE.document(SHAPE.fields().stream().map(field -> value(field.type())).toArray()));
        }
        assertThat(differing(SHAPE, documents)).isEmpty();
    }

    /** One that was written when fields were declared otherwise, or not by us, has its columns all the same. */
    @Test
    void aDocumentOfOtherFieldsIsReadAsItsValuesAre() {
        Shape now = new Shape(List.of(Store.field("amount", FieldType.TEXT), Store.field("at", FieldType.TIMESTAMP), Store.field("count", FieldType.DECIMAL)));
        assertThat(differing(now, List.of(Document.stored("{\"amount\":1.5,\"at\":\"2026-01-31\",\"count\":3}"),
                Document.stored("{\"amount\":true,\"gone\":1}"), Document.stored("{\"amount\":{\"a\":1}}"), Document.stored("{\"gone\":1,\"count\":2}"),
                Document.stored("{\"count\": 2, \"amount\": \"x\"}"), Document.stored("{}")))).isEmpty();
    }

    /** Promise 8: what a file could tell is staged, though a parser of strangers' JSON would not take it with a document around it. */
    @Test
    void aDocumentThatIsNestedDeeplyHasItsColumns() {
        Shape nested = new Shape(List.of(Store.field("name", FieldType.TEXT), Store.field("nested", FieldType.JSON)));
        Json deep = new Json("[".repeat(1_000) + "{\"" + "n".repeat(60_000) + "\":1}" + "]".repeat(1_000));
        assertThat(differing(nested, List.of(nested.document(new Object[] {"x", deep}), nested.document(new Object[] {"long ".repeat(300_000), null}))))
                .isEmpty();
    }

    private Object value(FieldType type) {
        if (random.nextInt(6) == 0) {
            return random.nextBoolean() ? null : Missing.MISSING;
        }
        return switch (type) {
            case TEXT -> TEXTS[random.nextInt(TEXTS.length)];
            case INTEGER -> random.nextLong() >> random.nextInt(64);
            case DECIMAL -> new BigDecimal(BigInteger.valueOf(random.nextLong() >> random.nextInt(64)), random.nextInt(0, 24)).stripTrailingZeros();
            case BOOLEAN -> random.nextBoolean();
            case TIMESTAMP -> Instant.ofEpochSecond(random.nextLong(-60_000_000_000L, 250_000_000_000L), random.nextBoolean() ? 0
                    : 1000L * random.nextInt(1_000_000));
            case DATE -> LocalDate.of(random.nextInt(1, 10_000), random.nextInt(1, 13), random.nextInt(1, 29));
            case JSON -> new Json(JSON[random.nextInt(JSON.length)]);
        };
    }

    /** The rows that are not the same both ways. */
    private List<String> differing(Shape shape, List<Document> documents) {
        store.jdbc.execute((ConnectionCallback<Void>) connection -> {
            String columns = shape.fields().stream().map(field -> ", \"" + field.name() + "\" " + field.type().columnType()).collect(Collectors.joining());
            for (String table : List.of("from_bytes", "from_values")) {
                connection.createStatement().execute("drop table if exists public." + table + "; create table public." + table + " (n bigint" + columns + ")");
            }
            copy(connection, shape, documents);
            return null;
        });
        String differing = """
                select x from (select row(b.*)::text as x, row(v.*)::text as y from public.from_bytes b full join public.from_values v using (n)) r
                where x is distinct from y""";
        assertThat(store.one("select count(*) from public.from_bytes", Long.class)).isEqualTo(documents.size());
        return store.jdbc.queryForList(differing, String.class);
    }

    private static void copy(Connection connection, Shape shape, List<Document> documents) throws SQLException {
        BinaryCopy fromBytes = new BinaryCopy();
        BinaryCopy fromValues = new BinaryCopy();
        for (int i = 0; i < documents.size(); i++) {
            fromBytes.row(1 + shape.fields().size());
            fromBytes.whole(i);
            DocumentColumns.write(fromBytes, shape, documents.get(i));
            fromValues.row(1 + shape.fields().size());
            fromValues.whole(i);
            Object[] values = documents.get(i) == null ? new Object[shape.fields().size()] : shape.values(documents.get(i));
            for (Object value : values) {
                fromValues.value(value);
            }
        }
        fromBytes.send(connection, "public.from_bytes");
        fromValues.send(connection, "public.from_values");
    }
}
