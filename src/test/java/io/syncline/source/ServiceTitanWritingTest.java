package io.syncline.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.syncline.config.Configuration;
import io.syncline.config.ConfigurationReader;
import io.syncline.config.Connection;
import io.syncline.config.SyncConfig;
import io.syncline.record.Document;
import io.syncline.record.Observed;
import io.syncline.sandbox.Call;
import io.syncline.sandbox.Entity;
import io.syncline.sandbox.ServiceTitanSandbox;
import io.syncline.source.WriteOrder.Action;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/** The price book as it is shipped, written to the sandbox ServiceTitan: whatever is lost on the way, each write is there once in effect (promise 12). */
class ServiceTitanWritingTest {
    private final ServiceTitanSandbox sandbox = ServiceTitanSandbox.start(ServiceTitanSandbox.Options.DEFAULT.size(60));
    private final SourceFixture fixture = new SourceFixture();
    private final Configuration configuration = shippedForThisMachine();
    private final SyncConfig sync = configuration.syncs().get("pricebook");
    private final Writing writing = new HttpWriting(fixture.sources.entry(), fixture.clock, configuration, (organisation, system) -> connection());

    @AfterEach
    void close() throws Exception {
        fixture.close();
        sandbox.close();
    }

    private static Configuration shippedForThisMachine() {
        try {
            Path folder = Files.createTempDirectory("shipped");
            for (String file : List.of("systems/servicetitan.yaml", "syncs/pricebook.yaml")) {
                Files.createDirectories(folder.resolve(file).getParent());
                Files.writeString(folder.resolve(file), Files.readString(Path.of("config", file)).replace("${SERVICETITAN_PRIVATE_NETWORK:false}", "true"));
            }
            return ConfigurationReader.withoutSettings().read(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Connection connection() {
        ServiceTitanSandbox.Options options = sandbox.options();
        Map<String, String> settings = Map.of("SERVICETITAN_URL", sandbox.url(), "SERVICETITAN_TOKEN_URL", sandbox.tokenUrl(),
                "SERVICETITAN_CLIENT_ID", options.clientId(), "SERVICETITAN_CLIENT_SECRET", options.clientSecret(),
                "SERVICETITAN_APP_KEY", options.appKey(), "SERVICETITAN_TENANT", options.tenant());
        return new Connection() {
            @Override
            public String organisation() {
                return "default";
            }

            @Override
            public String system() {
                return "servicetitan";
            }

            @Override
            public String fill(String text) {
                return Pattern.compile("\\$\\{([A-Z_]+)(:[^}]*)?}").matcher(text).replaceAll(match -> settings.get(match.group(1)));
            }
        };
    }

    private WriteOrder order(Entity entity, Action action, String key, Document agreed, String document, Instant firstSentAt) {
        return new WriteOrder(UUID.randomUUID(), sync, sync.entity(entity.name().toLowerCase(Locale.ROOT)), "default", action, key, agreed,
                Document.stored(document), agreed == null ? null : agreed.hash(), firstSentAt);
    }

    private Document shown(Entity entity, String key) {
        String record = sandbox.record(entity, Long.parseLong(key)).orElseThrow().toString();
        try (JsonParser parser = new JsonFactory().createParser(record)) {
            parser.nextToken();
            Observed observed = sync.entity(entity.name().toLowerCase(Locale.ROOT)).mapping().read(parser);
            assertThat(observed.problems()).isEmpty();
            return observed.document();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Observed taken(Sent sent) {
        assertThat(sent).isInstanceOf(Sent.Taken.class);
        return ((Sent.Taken) sent).answered();
    }

    private static String made(Entity entity) {
        return entity == Entity.CATEGORIES ? "{\"category_type\":\"Services\",\"name\":\"Made here\"}" : "{\"code\":\"MADE-1\",\"description\":\"made here\"}";
    }

    @ParameterizedTest
    @EnumSource(Entity.class)
    void shouldMakeChangeDeleteAndBringBack(Entity entity) {
        Observed created = taken(writing.send(order(entity, Action.CREATE, null, null, made(entity), null)));
        assertThat(shown(entity, created.key())).isEqualTo(created.document());

        String changed = created.document().text().replaceFirst("[Mm]ade here", "changed here");
        Observed updated = taken(writing.send(order(entity, Action.UPDATE, created.key(), created.document(), changed, null)));
        assertThat(updated.document().text()).isEqualTo(changed);

        assertThat(taken(writing.send(order(entity, Action.DELETE, created.key(), updated.document(), changed, null))).deleted()).isTrue();
        Observed restored = taken(writing.send(order(entity, Action.RESTORE, created.key(), updated.document(), changed, null)));
        assertThat(restored.deleted()).isFalse();
        assertThat(restored.document()).isEqualTo(shown(entity, created.key()));
        assertThat(sandbox.journal().stream().filter(Call::effect).count()).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource(Entity.class)
    void shouldFindWhatWasMadeThoughTheAnswerWasLost(Entity entity) {
        fixture.clock.now = sandbox.clock().now();
        WriteOrder first = order(entity, Action.CREATE, null, null, made(entity), fixture.clock.now);
        sandbox.fault("/" + entity.path() + " method=POST -> lost-answer");

        assertThat(writing.send(first)).isInstanceOf(Sent.Unclear.class);
        sandbox.clearFaults();

        Observed found = taken(writing.lookUp(first));
        assertThat(shown(entity, found.key())).isEqualTo(found.document());
    }

    @Test
    void shouldSendAgainWhatNeverArrivedAndOnlyThat() {
        String key = Long.toString(sandbox.snapshot(Entity.MATERIALS).firstKey());
        Document agreed = shown(Entity.MATERIALS, key);
        String edited = agreed.text().replaceFirst("\"price\":[0-9.]+", "\"price\":77.5");
        WriteOrder order = order(Entity.MATERIALS, Action.UPDATE, key, agreed, edited, fixture.clock.now.minus(Duration.ofHours(1)));

        sandbox.fault("/" + Entity.MATERIALS.path() + "/" + key + " method=PATCH call=1 -> reset");
        assertThat(writing.send(order)).isInstanceOf(Sent.Unclear.class);
        assertThat(writing.lookUp(order)).isInstanceOf(Sent.NotSent.class);

        sandbox.clearFaults();
        sandbox.fault("/" + Entity.MATERIALS.path() + "/" + key + " method=PATCH call=1 -> lost-answer");
        assertThat(writing.send(order)).isInstanceOf(Sent.Unclear.class);
        assertThat(taken(writing.lookUp(order)).document().text()).isEqualTo(edited);
        assertThat(taken(writing.send(order)).document().text()).isEqualTo(edited);
        assertThat(sandbox.journal().stream().filter(Call::effect).count()).isEqualTo(1);
    }

    @Test
    void shouldTellARefusalInItsOwnWordsAndRenewAToken() {
        assertThat(writing.send(order(Entity.MATERIALS, Action.CREATE, null, null, "{\"categories\":[1],\"code\":\"X\",\"description\":\"x\"}", null)))
                .isInstanceOfSatisfying(Sent.Refused.class, refused -> assertThat(refused.words()).containsIgnoringCase("categor").doesNotContain("{"));

        sandbox.expireTokens();
        taken(writing.send(order(Entity.MATERIALS, Action.CREATE, null, null, made(Entity.MATERIALS), null)));
    }
}
