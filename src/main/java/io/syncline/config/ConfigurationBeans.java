package io.syncline.config;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

import java.nio.file.Path;
import java.util.List;

/** What the running product knows of {@code config/}. It does not start on a configuration with a mistake in it. */
@org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
class ConfigurationBeans {
    @Bean
    Settings settings(Environment environment) {
        return new Settings(List.of(new Settings.Place("the environment", System::getenv),
                new Settings.Place("the Java system properties", System::getProperty),
                new Settings.Place("config/application.yaml", environment::getProperty)));
    }

    @Bean
    Connections connections(Settings settings) {
        return new EnvironmentConnections(settings);
    }

    @Bean
    Configuration configuration(@Value("${syncline.config:config}") Path directory, Settings settings) {
        return ConfigurationReader.with(settings).read(directory);
    }
}
