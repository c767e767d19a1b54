package dev.perennial.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a pipeline takes on with this room: Java 17 and a handful of libraries. */
class ClientDependenciesTest {
  private static final int JAVA_17 = 61;

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(location -> !location.contains("test-classes"))
          .importPackages(
              "dev.perennial.domain",
              "dev.perennial.event",
              "dev.perennial.sealing",
              "dev.perennial.client");

  @Test
  void every_class_runs_on_java_17() throws IOException {
    assertThat(CLASSES).hasSizeGreaterThan(50);
    for (JavaClass one : CLASSES) {
      assertThat(version(one)).as(one.getName()).isEqualTo(JAVA_17);
    }
  }

  private static int version(JavaClass one) throws IOException {
    String file = "/" + one.getName().replace('.', '/') + ".class";
    try (InputStream found = ClientDependenciesTest.class.getResourceAsStream(file);
        DataInputStream in = new DataInputStream(Objects.requireNonNull(found, file))) {
      assertThat(in.readInt()).isEqualTo(0xCAFEBABE);
      in.readUnsignedShort();
      return in.readUnsignedShort();
    }
  }

  @Test
  void it_stands_on_kafka_clients_jackson_tink_slf4j_and_jspecify_alone() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.perennial.domain..",
            "dev.perennial.event..",
            "dev.perennial.sealing..",
            "dev.perennial.client..",
            "java..",
            "org.apache.kafka..",
            "tools.jackson..",
            "com.google.crypto.tink..",
            "org.apache.hc..",
            "org.slf4j..",
            "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void nobody_needs_http_client_5_who_does_not_use_the_interceptor() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.perennial.client.httpclient5")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.hc..", "dev.perennial.client.httpclient5")
        .check(CLASSES);
  }

  @Test
  void the_real_clock_is_read_in_one_place() {
    noClasses()
        .that()
        .resideInAPackage("dev.perennial.client..")
        .and()
        .doNotHaveFullyQualifiedName(Time.class.getName())
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(InstantSource.class, "system")
        .check(CLASSES);
  }
}
