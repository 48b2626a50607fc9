package io.syncline.promises;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.config.Configuration;
import io.syncline.config.ConfigurationReader;
import io.syncline.config.EntityConfig;
import io.syncline.record.Document;
import io.syncline.record.Field;
import io.syncline.record.Observed;
import io.syncline.record.Outgoing;
import io.syncline.record.Path;
import io.syncline.record.Shape;
import io.syncline.record.SideMapping;
import io.syncline.record.TimeFormat;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

/** Promise 15: what is written to a system and read from it again is what it was, for every field of every entity in {@code config/} that is written. */
class ThereAndBackTest {
    private static final ObjectMapper JSON = JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true)).build();
    private static final int DOCUMENTS = 500;

    private final Configuration configuration = ConfigurationReader.withoutSettings().read(java.nio.file.Path.of("config"));
    private final Random random = new Random(15);

    private List<EntityConfig> written() {
        return configuration.syncs().values().stream().flatMap(sync -> sync.entities().stream()).filter(entity -> entity.writes() != null).toList();
    }

    @Test
    void somethingIsWritten() {
        assertThat(written()).extracting(EntityConfig::name).contains("categories", "services", "materials", "equipment");
    }

    @TestFactory
    Stream<DynamicTest> everyEntity() {
        return written().stream().map(entity -> dynamicTest(entity.name(), () -> {
            SideMapping back = back(entity);
            for (int i = 0; i < DOCUMENTS; i++) {
                Document one = document(entity);
                Document other = document(entity);

                String whole = Outgoing.whole(entity.shape(), one, member -> true).body(null, null);
                assertThat(said(entity, read(back, whole).document())).isEqualTo(said(entity, one));

                // A system that takes a change into what it has holds what was meant afterwards.
                String change = Outgoing.change(entity.shape(), one, other, false, member -> true).body(null, null);
                String merged = merged(tree(whole), tree(change)).toString();
                assertThat(emptyIsMissing(said(entity, read(back, merged).document()))).isEqualTo(emptyIsMissing(said(entity, other)));
            }
        }));
    }

    /** The same fields, each read from where it is written. */
    private static SideMapping back(EntityConfig entity) {
        List<Field> fields = entity.written().stream().map(field -> new Field(field.name(), field.type(), field.to(), false, field.set(), false, field.time(),
                null, field.to(), field.excerpt())).toList();
        return new SideMapping(new Shape(fields), List.of(Path.of("key")), null, null, TimeFormat.ISO, null);
    }

    private static JsonNode said(EntityConfig entity, Document document) {
        ObjectNode said = (ObjectNode) tree(document.text());
        entity.shape().fields().stream().filter(field -> field.to() == null).forEach(field -> said.remove(field.name()));
        return said;
    }

    /** As systems do that take objects as a whole: what stands beside a changed member in one is there only if it was said again. */
    private static JsonNode merged(JsonNode into, JsonNode change) {
        return ((ObjectNode) into).setAll((ObjectNode) change);
    }

    private static JsonNode emptyIsMissing(JsonNode document) {
        document.properties().removeIf(member -> member.getValue().isNull());
        return document;
    }

    private static Observed read(SideMapping mapping, String body) {
        ObjectNode record = (ObjectNode) tree(body);
        record.put("key", "1");
        record.put("id", 1);
        try (JsonParser parser = JSON.createParser(record.toString())) {
            parser.nextToken();
            Observed observed = mapping.read(parser);
            assertThat(observed.problems()).isEmpty();
            return observed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Read from a record that its system could show. */
    private Document document(EntityConfig entity) {
        ObjectNode record = JSON.createObjectNode();
        for (Field field : entity.shape().fields()) {
            if (field.to() == null || !field.required() && random.nextInt(8) == 0) {
                continue;
            }
            ObjectNode at = record;
            List<String> way = field.from().segments();
            for (String segment : way.subList(0, way.size() - 1)) {
                at = at.get(segment) instanceof ObjectNode below ? below : at.putObject(segment);
            }
            at.set(way.get(way.size() - 1), field.required() || random.nextInt(8) > 0 ? value(field) : JSON.nullNode());
        }
        return read(entity.mapping(), record.toString()).document();
    }

    private JsonNode value(Field field) {
        return switch (field.type()) {
            case TEXT -> JSON.getNodeFactory().textNode(List.of("", "a|b", "\"q\" \\ \n", "${sys}", "日本 😀", "007").get(random.nextInt(6)));
            case INTEGER -> JSON.getNodeFactory().numberNode(List.of(0L, -1L, Long.MAX_VALUE, 9007199254740993L).get(random.nextInt(4)));
            case DECIMAL -> JSON.getNodeFactory().numberNode(new BigDecimal(
                    List.of("0.00", "4.50", "-12345678901234567890.123456789", "1E+3").get(random.nextInt(4))));
            case BOOLEAN -> JSON.getNodeFactory().booleanNode(random.nextBoolean());
            case TIMESTAMP -> JSON.getNodeFactory().textNode(field.time().write(Instant.ofEpochSecond(random.nextInt())));
            case DATE -> JSON.getNodeFactory().textNode(field.time().write(LocalDate.ofEpochDay(random.nextInt(40_000))));
            case JSON -> json(field);
        };
    }

    private JsonNode json(Field field) {
        ArrayNode list = JSON.createArrayNode();
        for (int i = random.nextInt(3); i >= 0; i--) {
            if (field.excerpt().each() != null || !field.excerpt().keep().isEmpty()) {
                ObjectNode item = list.addObject().put("added by itself", random.nextInt(5));
                (field.excerpt().each() != null ? List.of(field.excerpt().each()) : field.excerpt().keep()).forEach(path -> put(item, path));
            } else {
                list.add(random.nextInt(5));
            }
        }
        return !field.set() && field.excerpt().each() == null && random.nextBoolean() && list.get(0).isObject() ? list.get(0) : list;
    }

    private void put(ObjectNode item, Path path) {
        ObjectNode at = item;
        for (String segment : path.segments().subList(0, path.segments().size() - 1)) {
            at = at.get(segment) instanceof ObjectNode below ? below : at.putObject(segment);
        }
        at.put(path.segments().get(path.segments().size() - 1), random.nextInt(5));
    }
}
