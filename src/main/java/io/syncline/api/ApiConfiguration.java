package io.syncline.api;

import io.syncline.monitor.Monitor;
import io.syncline.run.Runs;
import io.syncline.schedule.Timetable;
import io.syncline.store.HeldDeletes;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.catalina.core.StandardHost;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

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
    Keys keys(JdbcClient database) {
        return new Keys(database);
    }

    @Bean
    RunDoor runDoor(Runs runs, ApiSettings settings) {
        return new RunDoor(runs, settings);
    }

    @Bean
    HeldDoor heldDoor(JdbcClient database) {
        return new HeldDoor(new HeldDeletes(database));
    }

    @Bean
    ScheduleDoor scheduleDoor(Timetable timetable) {
        return new ScheduleDoor(timetable);
    }

    @Bean
    SyncDoor syncDoor(Monitor monitor) {
        return new SyncDoor(monitor);
    }

    @Bean
    FilterRegistrationBean<Gate> gate(Contract contract, Keys keys, Problems problems, ApiSettings settings) {
        FilterRegistrationBean<Gate> gate = new FilterRegistrationBean<>(new Gate(contract, keys, problems, settings));
        gate.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return gate;
    }

    // The name is the one under which Camel looks for its own.
    @Bean("platform-http-engine")
    PlatformHttpEngine doorEngine(Environment environment, Problems problems) {
        return new DoorEngine(environment.getProperty("server.port", Integer.class, 8080), problems);
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> lastWord() {
        return server -> {
            server.addConnectorCustomizers(connector -> {
                connector.setEncodedSolidusHandling("passthrough");
                connector.setProperty("continueResponseTiming", "onRead");
            });
            server.addContextCustomizers(context -> ((StandardHost) context.getParent()).setErrorReportValveClass(ProblemValve.class.getName()));
        };
    }

    @Bean
    Ready ready() {
        return new Ready();
    }

    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    FirstKey firstKey(Keys keys, PlatformTransactionManager transactions, Environment environment) {
        return new FirstKey(keys, new TransactionTemplate(transactions), environment, System.out);
    }
}
