package io.syncline.record;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

import static io.syncline.record.Records.field;
import static io.syncline.record.Records.mapping;
import static io.syncline.record.Records.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ShapeTest {
    private final Shape shape = new Shape(List.of(field("b", FieldType.DECIMAL), field("a", FieldType.TEXT), field("c", FieldType.JSON)));

    @Test
    void fieldsStandInTheOrderOfTheirNames() {
        assertThat(shape.fields()).extracting(Field::name).containsExactly("a", "b", "c");
        assertThat(shape.position("b")).isEqualTo(1);
        assertThat(shape.position("z")).isEqualTo(-1);
    }

    @Test
    void aFieldIsDeclaredOnce() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Shape(List.of(field("a", FieldType.TEXT), field("a", FieldType.JSON))))
                .withMessageContaining("declared twice");
    }

    @Test
    void theHashIsTheSha256OfExactlyTheDocumentsBytes() throws NoSuchAlgorithmException {
        Document document = read(mapping(field("a", FieldType.TEXT)), "{\"id\":1,\"a\":\"é😀\"}").document();
        assertThat(document.utf8()).isEqualTo("{\"a\":\"é😀\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(document.hash()).isEqualTo(MessageDigest.getInstance("SHA-256").digest(document.utf8()));
        assertThat(document.hashHex()).hasSize(64).isEqualTo(Document.stored(document.text()).hashHex());
        assertThat(document).isEqualTo(Document.stored(document.text())).hasSameHashCodeAs(Document.stored(document.text()));
    }

    @Test
    void aDocumentWithoutContentIsOneToo() {
        assertThat(new Shape(List.of()).document(new Object[0]).text()).isEqualTo("{}");
        assertThat(shape.values(Document.stored("{}"))).containsOnly(Missing.MISSING);
    }

    /** What a file or a database may hold, and a parser of strangers' JSON would not take in one piece. */
    @Test
    void aDocumentIsReadBackWhateverItsSize() {
        Object[] values = {"long ".repeat(4_000_001), null, new Json("[".repeat(1_000) + "{\"" + "n".repeat(60_000) + "\":1}" + "]".repeat(1_000))};
        Document document = shape.document(values);
        assertThat(shape.values(document)).isEqualTo(values);
        assertThat(new Excerpt(null, List.of(Path.of("n".repeat(60_000)))).of(((Json) values[2]).canonical())).isEqualTo(((Json) values[2]).canonical());
    }

    @Test
    void membersThatAreNoLongerDeclaredArePassedOver() {
        Object[] values = shape.values(Document.stored("{\"a\":\"x\",\"aa\":{\"b\":[1,2]},\"b\":1.5}"));
        assertThat(shape.document(values).text()).isEqualTo("{\"a\":\"x\",\"b\":1.5}");
    }

    @Test
    void whatIsNoDocumentIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> shape.values(Document.stored("{\"a\":\"x\"")));
        assertThatIllegalArgumentException().isThrownBy(() -> shape.values(Document.stored("[]")));
        assertThatIllegalArgumentException().isThrownBy(() -> shape.values(Document.stored("")));
        assertThatIllegalArgumentException().isThrownBy(() -> shape.values(Document.stored("{\"b\":\"abc\"}")));
    }

    @Test
    void differingFieldsAreNamedAndMissingDiffersFromNull() {
        assertThat(shape.difference(Document.stored("{\"a\":\"x\",\"b\":1,\"c\":null}"), Document.stored("{\"a\":\"y\",\"b\":1}"))).containsExactly("a", "c");
        assertThat(shape.difference(Document.stored("{\"b\":1}"), Document.stored("{\"b\":1}"))).isEmpty();
    }
}
