package io.syncline.deliver;

import io.syncline.config.Configuration;
import io.syncline.config.ConfigurationReader;
import io.syncline.config.SyncConfig;
import io.syncline.record.Document;
import io.syncline.source.WriteOrder;
import io.syncline.source.WriteOrder.Action;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** What of a batch goes side by side, and what waits for what stands before it. */
class PartsTest {
    private static final Configuration CONFIGURATION = ConfigurationReader.withoutSettings().read(Path.of("config"));
    private final SyncConfig pricebook = CONFIGURATION.syncs().get("pricebook");

    private Claim claim(String entity, Action action) {
        return new Claim(new WriteOrder(UUID.randomUUID(), pricebook, pricebook.entity(entity), "default", action, "1", null, Document.stored("{}"), null,
                null), 1, 0, false);
    }

    private List<Integer> parts(Claim... batch) {
        List<List<Claim>> parts = new SideBySide(CONFIGURATION).parts(List.of(batch));
        assertThat(parts.stream().flatMap(List::stream)).containsExactly(batch);
        return parts.stream().map(List::size).toList();
    }

    @Test
    void recordsOfOneEntityGoTogether() {
        assertThat(parts(Stream.generate(() -> claim("materials", Action.UPDATE)).limit(5).toArray(Claim[]::new))).containsExactly(5);
        assertThat(parts(claim("materials", Action.UPDATE), claim("materials", Action.CREATE), claim("materials", Action.RESTORE))).containsExactly(3);
        assertThat(parts()).isEmpty();
    }

    @Test
    void parentsBeforeChildrenAndDeletionsLast() {
        assertThat(parts(claim("materials", Action.UPDATE), claim("services", Action.UPDATE), claim("services", Action.UPDATE),
                claim("services", Action.DELETE), claim("materials", Action.DELETE))).containsExactly(1, 2, 1, 1);
    }

    @Test
    void recordsOfATreeGoOneByOne() {
        assertThat(parts(claim("categories", Action.CREATE), claim("categories", Action.CREATE), claim("categories", Action.DELETE))).containsExactly(1, 1, 1);
    }
}
