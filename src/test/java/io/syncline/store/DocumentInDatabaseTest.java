package io.syncline.store;

import io.syncline.change.Rules;
import io.syncline.config.SyncConfig;
import io.syncline.record.Document;
import io.syncline.record.Field;
import io.syncline.record.FieldType;
import io.syncline.record.Json;
import io.syncline.record.Missing;
import io.syncline.record.Path;
import io.syncline.record.Shape;
import io.syncline.record.TimeFormat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/** What a person edits is rendered by the database, what a side sends by Java: the bytes must be the same. */
@ExtendWith(Store.Closing.class)
class DocumentInDatabaseTest {
    private static final int ROUNDS = 4000;
    private static final String[] PIECES = {"a", "Z", "\"", "\\", "/", "\n", "\r", "\t", "\b", "\f", "\u0001", "\u001f", "\u007f", "\u0085", "ß", "é",
            "e\u0301", "日本", "\u2028", "\ufeff",
            "😀", "\uffff", "\ue000", "𝔘", "'", "$$", "${x}", "<", "&", " ", ""};

    private final SplittableRandom random = new SplittableRandom(20261121);
    private final SyncConfig sync = Store.sync(Store.entity("all", Rules.Policy.REVIEW, false,
            Store.field("t", FieldType.TEXT), Store.field("i", FieldType.INTEGER), Store.field("n", FieldType.DECIMAL), Store.field("b", FieldType.BOOLEAN),
            Store.field("z", FieldType.TIMESTAMP), Store.field("d", FieldType.DATE), Store.field("j", FieldType.JSON), Store.field("it's \"odd\"",
                    FieldType.TEXT),
            new Field("s", FieldType.JSON, Path.of("s"), false, true, false, TimeFormat.ISO, null)));
    private final Store store = new Store(sync);

    @Test
    void theDatabaseRendersTheSameBytesAsJava() {
        Shape shape = store.entity("all").shape();
        long run = store.open();
        List<String> records = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            records.add(record(i));
        }
        store.stage(run, "all", records.toArray(String[]::new));
        store.publish(run);
        assertThat(store.count("pricebook.all where document = pricebook.all_document(\"all\", document::jsonb)")).isEqualTo(ROUNDS);
        assertThat(store.count("pricebook.all where sha256(convert_to(document, 'UTF8')) = hash")).isEqualTo(ROUNDS);
        store.jdbc.query("select document from pricebook.all", row -> {
            Document document = Document.stored(row.getString(1));
            assertThat(shape.document(shape.values(document))).as("canonical is what is read back").isEqualTo(document);
        });
        store.jdbc.query("select pricebook.all_document(\"all\", '{}') from pricebook.all", row -> {
            Object[] values = shape.values(Document.stored(row.getString(1)));
            for (int i = 0; i < values.length; i++) {
                values[i] = values[i] == null ? Missing.MISSING : values[i];
            }
            assertThat(shape.document(values).text()).as("what was missing stays missing").isEqualTo(row.getString(1));
        });
    }

    private String record(int id) {
        StringWriter written = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(written)) {
            json.writeStartObject();
            json.writeNumberField("id", id);
            field(json, "t", this::text);
            field(json, "it's \"odd\"", this::text);
            field(json, "i", () -> random.nextInt(5) == 0 ? (random.nextBoolean() ? Long.MAX_VALUE : Long.MIN_VALUE) : random.nextLong());
            field(json, "n", this::number);
            field(json, "b", random::nextBoolean);
            field(json, "z", this::instant);
            field(json, "d", () -> LocalDate.of(random.nextInt(1, 10_000), random.nextInt(1, 13), random.nextInt(1, 29)).toString());
            if (random.nextInt(6) > 0) {
                json.writeFieldName("j");
                nested(json, 4);
            }
            if (random.nextInt(6) > 0) {
                json.writeFieldName("s");
                json.writeStartArray();
                for (int i = random.nextInt(5); i > 0; i--) {
                    nested(json, 2);
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return written.toString();
    }

    private void field(JsonGenerator json, String name, java.util.function.Supplier<Object> value) throws IOException {
        switch (random.nextInt(6)) {
            case 0 -> { }
            case 1 -> json.writeNullField(name);
            default -> json.writeObjectField(name, value.get());
        }
    }

    private void nested(JsonGenerator json, int depth) throws IOException {
        switch (random.nextInt(depth == 0 ? 5 : 7)) {
            case 0 -> json.writeString(text());
            case 1 -> json.writeNumber(number());
            case 2 -> json.writeBoolean(random.nextBoolean());
            case 3 -> json.writeNull();
            case 4 -> json.writeNumber(random.nextLong());
            case 5 -> {
                json.writeStartArray();
                for (int i = random.nextInt(4); i > 0; i--) {
                    nested(json, depth - 1);
                }
                json.writeEndArray();
            }
            default -> {
                json.writeStartObject();
                for (int i = random.nextInt(5); i > 0; i--) {
                    json.writeFieldName(text() + i);
                    nested(json, depth - 1);
                }
                json.writeEndObject();
            }
        }
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    private BigDecimal number() {
        return switch (random.nextInt(6)) {
            case 0 -> BigDecimal.ZERO;
            case 1 -> new BigDecimal("-0.00");
            case 2 -> new BigDecimal(BigInteger.valueOf(random.nextLong()), random.nextInt(-70, 90));
            case 3 -> BigDecimal.TEN.pow(99).multiply(BigDecimal.valueOf(random.nextInt(1, 9)));
            case 4 -> new BigDecimal("1E-100");
            default -> BigDecimal.valueOf(random.nextInt(-100_000, 100_000), random.nextInt(5));
        };
    }

    private String instant() {
        Instant second = Instant.ofEpochSecond(random.nextLong(Instant.parse("0001-01-01T00:00:00Z").getEpochSecond(),
                Instant.parse("9999-12-31T23:59:59Z").getEpochSecond()));
        return second.plusNanos(switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> 1_000_000L * random.nextInt(1000);
            case 2 -> 1_000L * random.nextInt(1_000_000);
            default -> random.nextInt(1_000_000_000);
        }).toString();
    }
}
