package io.syncline.source;

import io.syncline.config.Configuration;
import io.syncline.config.ConfigurationReader;
import io.syncline.config.SyncConfig;
import io.syncline.record.Document;
import io.syncline.source.WriteOrder.Action;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import static io.syncline.source.FaultyServer.json;

/** A system over a real socket that answers as it is told to, and one record to write there. */
abstract class WritingBench {
    static final String AGREED = "{\"code\":\"P-1\",\"name\":\"pump\",\"price\":4.5}";
    static final String EDITED = "{\"code\":\"P-1\",\"name\":\"pump\",\"price\":5}";
    static final UUID ID = UUID.fromString("0b9e3a52-0000-4000-8000-000000000001");
    static final String SYSTEM = """
            name: shop
            title: Shop
            source:
              kind: http
              baseUrl: ${URL}
              allowPrivateNetwork: true
              headers: {X-App: "${APP}"}
              auth: {kind: bearer, token: "${TOKEN}"}
              limits: {timeout: 20s}
              resources:
                items:
                  path: /t/${TENANT}/items
                  records: data
                  paging: {kind: page, parameter: page, more: more}
                  since: {parameter: changedSince}
                  byId: /t/${TENANT}/items/{id}
                  writes:
                    create: {path: "/t/${TENANT}/items", requires: [code]}
                    update: {path: "/t/${TENANT}/items/{id}", nulls: []}
                    delete: {path: "/t/${TENANT}/items/{id}"}
                    restore: {path: "/t/${TENANT}/items/{id}", body: {active: true}}
                    idempotencyKey: {header: Idempotency-Key, honoured: false}
                    error: [title, errors]
            """;
    static final String SYNC = """
            name: goods
            title: Goods
            system: shop
            side: sh
            entities:
              items:
                key: id
                match: [code]
                deletedWhen: {path: active, is: false}
                fields: {code: text, name: text, price: decimal}
            """;

    @TempDir
    Path folder;
    final FaultyServer server = new FaultyServer();
    final SourceFixture fixture = new SourceFixture();
    String url = server.url();
    String system = SYSTEM;
    String sync = SYNC;
    Configuration configuration;

    @AfterEach
    void close() throws Exception {
        fixture.close();
        server.close();
    }

    Writing writing() {
        try {
            Files.createDirectories(folder.resolve("systems"));
            Files.createDirectories(folder.resolve("syncs"));
            Files.writeString(folder.resolve("systems/shop.yaml"), system);
            Files.writeString(folder.resolve("syncs/goods.yaml"), sync);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        configuration = ConfigurationReader.withoutSettings().read(folder);
        return new HttpWriting(fixture.sources.entry(), fixture.clock, configuration, (organisation, name) ->
                SourceFixture.connection(organisation, "URL", url, "TENANT", "a/b", "APP", "app-s3cret", "TOKEN", "t0ken-s3cret"));
    }

    Sent send(Action action, String key, String agreed, String document, Instant firstSentAt) {
        Writing writing = writing();
        return writing.send(order(action, key, agreed, document, firstSentAt));
    }

    Sent update() {
        return send(Action.UPDATE, "7", AGREED, EDITED, null);
    }

    Sent lookUp(Action action, String key, String agreed, String document) {
        Writing writing = writing();
        return writing.lookUp(order(action, key, agreed, document, fixture.clock.now.minus(Duration.ofHours(1))));
    }

    WriteOrder order(Action action, String key, String agreed, String document, Instant firstSentAt) {
        SyncConfig sync = configuration.syncs().get("goods");
        Document before = agreed == null ? null : Document.stored(agreed);
        return new WriteOrder(ID, sync, sync.entity("items"), "default", action, key, before, Document.stored(document), before == null ? null : before.hash(),
                firstSentAt);
    }

    static FaultyServer.Answer record(String price) {
        return json("{\"id\":7,\"code\":\"P-1\",\"name\":\"pump\",\"price\":" + price + ",\"active\":true}");
    }

    static FaultyServer.Answer deleted() {
        return json("{\"id\":7,\"code\":\"P-1\",\"name\":\"pump\",\"price\":4.5,\"active\":false}");
    }
}
