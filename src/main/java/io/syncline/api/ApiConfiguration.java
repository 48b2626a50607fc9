package io.syncline.api;

import io.syncline.access.Callers;
import io.syncline.access.Keys;
import io.syncline.access.Links;
import io.syncline.access.Rates;
import io.syncline.access.Sessions;
import io.syncline.activity.Activity;
import io.syncline.attention.Attention;
import io.syncline.attention.AttentionList;
import io.syncline.audit.Anchors;
import io.syncline.audit.ChainChecks;
import io.syncline.audit.Decisions;
import io.syncline.audit.Evidence;
import io.syncline.conflict.BulkResolving;
import io.syncline.conflict.Cards;
import io.syncline.conflict.ConflictList;
import io.syncline.conflict.Relatives;
import io.syncline.conflict.Resolving;
import io.syncline.monitor.Metrics;
import io.syncline.monitor.Overall;
import io.syncline.monitor.Readiness;
import io.syncline.imports.Imports;
import io.syncline.inspect.Comparison;
import io.syncline.deliver.PushDecisions;
import io.syncline.deliver.PushList;
import io.syncline.inspect.Edits;
import io.syncline.inspect.Erasure;
import io.syncline.inspect.Export;
import io.syncline.inspect.History;
import io.syncline.inspect.LocalRows;
import io.syncline.inspect.Places;
import io.syncline.inspect.Records;
import io.syncline.inspect.Snapshots;
import io.syncline.inspect.Why;
import io.syncline.preview.Plans;
import io.syncline.preview.Rollbacks;
import io.syncline.run.LiveRuns;
import io.syncline.run.RunList;
import io.syncline.monitor.Monitor;
import io.syncline.run.Runs;
import io.syncline.schedule.Timetable;
import io.syncline.store.BriefReads;
import io.syncline.store.HeldDeletes;
import io.syncline.webhook.WebhookList;
import io.syncline.webhook.Webhooks;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.catalina.core.StandardHost;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import javax.sql.DataSource;

/** Puts the doors together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ApiSettings.class)
class ApiConfiguration {

    @Bean
    Contract contract() {
        return Contract.read();
    }

    @Bean
    Problems problems() {
        return new Problems();
    }

    @Bean
    StaticFiles staticFiles() {
        return StaticFiles.found();
    }

    @Bean
    Admission admission(Callers callers, Rates rates) {
        return new Admission(callers, rates);
    }

    @Bean
    SessionDoor sessionDoor(Callers callers, Sessions sessions, Links links) {
        return new SessionDoor(callers, sessions, links);
    }

    @Bean
    KeyDoor keyDoor(Keys keys, Activity activity) {
        return new KeyDoor(keys, activity);
    }

    @Bean
    RunDoor runDoor(Runs runs, ApiSettings settings) {
        return new RunDoor(runs, settings);
    }

    @Bean
    RunListDoor runListDoor(RunList runs) {
        return new RunListDoor(runs);
    }

    @Bean
    RunFeed runFeed(LiveRuns runs, ApiSettings settings) {
        return new RunFeed(runs, settings.watchers());
    }

    @Bean
    RunEventsDoor runEventsDoor(LiveRuns runs, RunFeed feed) {
        return new RunEventsDoor(runs, feed);
    }

    @Bean
    HeldDoor heldDoor(JdbcClient database) {
        return new HeldDoor(new HeldDeletes(database));
    }

    @Bean
    ScheduleDoor scheduleDoor(Timetable timetable, Activity activity) {
        return new ScheduleDoor(timetable, activity);
    }

    @Bean
    WebhookDoor webhookDoor(Webhooks webhooks, WebhookList list) {
        return new WebhookDoor(webhooks, list);
    }

    @Bean
    ImportDoor importDoor(Imports imports) {
        return new ImportDoor(imports);
    }

    @Bean
    TableDoor tableDoor(io.syncline.config.Configuration configuration, Places places, LocalRows rows, Timetable times) {
        return new TableDoor(configuration, places, rows, times);
    }

    @Bean
    SyncDoor syncDoor(Monitor monitor) {
        return new SyncDoor(monitor);
    }

    @Bean
    AttentionDoor attentionDoor(AttentionList list, Attention attention) {
        return new AttentionDoor(list, attention);
    }

    @Bean
    PushDoor pushDoor(PushList list, PushDecisions decisions, io.syncline.config.Configuration configuration) {
        return new PushDoor(list, decisions, configuration);
    }

    @Bean
    RecordDoor recordDoor(Places places, Records records, Snapshots snapshots, Why why) {
        return new RecordDoor(places, records, snapshots, why);
    }

    @Bean
    RelativesDoor relativesDoor(Places places, Records records, Relatives relatives, BriefReads reads) {
        return new RelativesDoor(places, records, relatives, reads);
    }

    @Bean
    EditDoor editDoor(Places places, Records records, Edits edits, RecordDoor shown) {
        return new EditDoor(places, records, edits, shown);
    }

    @Bean
    EntityDoor entityDoor(Places places, Cards cards) {
        return new EntityDoor(places, cards);
    }

    @Bean
    PastDoor pastDoor(Places places, History history, Snapshots snapshots, Activity activity) {
        return new PastDoor(places, history, snapshots, activity);
    }

    @Bean
    ComparisonDoor comparisonDoor(Places places, Snapshots snapshots, Comparison comparison) {
        return new ComparisonDoor(places, snapshots, comparison);
    }

    @Bean
    ExportDoor exportDoor(Places places, Snapshots snapshots, Export export, Activity activity, ApiSettings settings) {
        return new ExportDoor(places, snapshots, export, activity, settings.exports());
    }

    @Bean
    DecisionDoor decisionDoor(Places places, Decisions decisions, Evidence evidence, Activity activity) {
        return new DecisionDoor(places, decisions, evidence, activity);
    }

    @Bean
    ChainDoor chainDoor(Places places, Snapshots snapshots, ChainChecks checks, Anchors anchors) {
        return new ChainDoor(places, snapshots, checks, anchors);
    }

    @Bean
    ConflictDoor conflictDoor(Places places, ConflictList conflicts, Cards cards) {
        return new ConflictDoor(places, conflicts, cards);
    }

    @Bean
    Settlement doorSettlement(Runs runs, Resolving resolving, ApiSettings settings) {
        return new Settlement(runs, resolving, settings);
    }

    @Bean
    ResolutionDoor resolutionDoor(ConflictDoor doors, Places places, ConflictList conflicts, Cards cards, Resolving resolving, Edits edits,
                                  Settlement settlement) {
        return new ResolutionDoor(doors, places, conflicts, cards, resolving, edits, settlement);
    }

    @Bean
    ResolutionsDoor resolutionsDoor(ConflictDoor doors, BulkResolving resolving, Settlement settlement) {
        return new ResolutionsDoor(doors, resolving, settlement);
    }

    @Bean
    RollbackDoor rollbackDoor(Rollbacks rollbacks) {
        return new RollbackDoor(rollbacks);
    }

    @Bean
    ErasureDoor erasureDoor(Places places, Erasure erasure, RecordDoor records) {
        return new ErasureDoor(places, erasure, records);
    }

    @Bean
    PlanDoor planDoor(Plans plans) {
        return new PlanDoor(plans);
    }

    @Bean
    FilterRegistrationBean<Gate> gate(Contract contract, Admission admission, StaticFiles files, ObjectProvider<PublicPage> pages, Problems problems,
                                      ApiSettings settings, CamelContext camel) {
        FilterRegistrationBean<Gate> gate = new FilterRegistrationBean<>(
                new Gate(contract, admission, files, pages.stream().toList(), problems, settings, camel::isStarted));
        gate.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return gate;
    }

    // The name is the one under which Camel looks for its own.
    @Bean("platform-http-engine")
    PlatformHttpEngine doorEngine(Environment environment, Problems problems, Idempotency idempotency) {
        return new DoorEngine(environment.getProperty("server.port", Integer.class, 8080), problems, idempotency);
    }

    @Bean
    Claims claims(DataSource database) {
        return new Claims(database);
    }

    @Bean
    Idempotency idempotency(Contract contract, JdbcClient database, Claims claims, LiveRuns runs, PlatformTransactionManager transactions,
                            ApiSettings settings) {
        return new Idempotency(contract, new IdempotencyEntries(database, settings.idempotency().keep()), claims, runs, new TransactionTemplate(transactions),
                settings.idempotency().sweep());
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> lastWord() {
        return server -> {
            server.addConnectorCustomizers(connector -> {
                // The key of a record may hold either.
                connector.setEncodedSolidusHandling("passthrough");
                connector.setEncodedReverseSolidusHandling("passthrough");
                connector.setProperty("continueResponseTiming", "onRead");
            });
            server.addContextCustomizers(context -> ((StandardHost) context.getParent()).setErrorReportValveClass(ProblemValve.class.getName()));
        };
    }

    @Bean
    WatchPages.Live livePage() {
        return new WatchPages.Live();
    }

    @Bean
    WatchPages.Ready readyPage(Readiness readiness) {
        return new WatchPages.Ready(readiness);
    }

    @Bean
    WatchPages.Health healthPage(Readiness readiness, Overall overall, Monitor monitor, Anchors anchors) {
        return new WatchPages.Health(readiness, overall, monitor, anchors);
    }

    @Bean
    WatchPages.Figures metricsPage(Metrics metrics, Environment environment) {
        return new WatchPages.Figures(metrics, environment.getProperty("syncline.metrics.open", Boolean.class, false),
                environment.getProperty("syncline.metrics.organisation", "default"));
    }

    @Bean
    Ready ready() {
        return new Ready();
    }
}
