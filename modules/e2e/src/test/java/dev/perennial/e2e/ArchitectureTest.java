package dev.perennial.e2e;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rooms and what may pass between them. */
class ArchitectureTest {
  /** Without the examples, which are code of others. */
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.perennial")
          .that(not(resideInAPackage("dev.perennial.example..")));

  private static final List<String> ROOMS =
      List.of(
          "domain",
          "event",
          "sealing",
          "integration",
          "credentials",
          "stream",
          "ingress",
          "exchanger",
          "scheduler",
          "client",
          "devstack",
          "app",
          "prove");

  private static final String[] STAGES = {
    room("ingress"), room("exchanger"), room("scheduler"), room("credentials")
  };

  /** Reads the clock or rolls dice where nobody can take hold of it; by {@code Class.method}. */
  private static final Pattern AMBIENT =
      Pattern.compile(
          "java\\.time\\.(Instant|LocalDate|LocalDateTime|ZonedDateTime|OffsetDateTime)\\.now"
              + "|java\\.time\\.(Clock|InstantSource)\\.(system|tick).*"
              + "|java\\.lang\\.System\\.(currentTimeMillis|nanoTime)"
              + "|java\\.lang\\.Math\\.random"
              + "|java\\.util\\.UUID\\.randomUUID"
              + "|java\\.util\\.concurrent\\.ThreadLocalRandom\\..*"
              + "|java\\.(util\\.Random|security\\.SecureRandom)\\.<init>");

  static Stream<ArchRule> rules() {
    return Stream.of(
        slices()
            .matching("dev.perennial.(ingress|exchanger|scheduler|credentials)..")
            .should()
            .notDependOnEachOther()
            .as("stages never import each other")
            .because("they are run, scaled and replaced apart"),
        onlyIn("org.apache.kafka..", "stream", "client", "devstack", "prove"),
        onlyIn("redis.clients..", "credentials", "prove"),
        onlyIn("com.google.crypto.tink..", "sealing", "kms"),
        onlyIn("software.amazon..", "kms"),
        onlyIn("org.apache.hc..", "exchanger", "client"),
        onlyIn("freemarker..", "integration", "ingress"),
        onlyIn("com.nimbusds..", "integration", "exchanger", "app"),
        onlyIn("com.networknt..", "integration"),
        onlyIn("io.github.resilience4j..", "exchanger"),
        onlyIn("io.helidon..", "ingress", "app"),
        onlyIn("info.picocli..", "app", "prove"),
        onlyIn("picocli..", "app", "prove"),
        onlyIn("io.smallrye..", "app"),
        onlyIn("io.opentelemetry..", "stream", "app"),
        onlyIn("io.opentelemetry.sdk..", "app"),
        classes()
            .that()
            .resideInAPackage(room("domain"))
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(room("domain"), "java..", "org.jspecify..")
            .because("the words stand on the JDK alone"),
        noClasses()
            .that()
            .resideOutsideOfPackages(room("app"), room("prove"))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(room("app"))
            .because("the app knows all the others and none that runs in production knows it"),
        noClasses()
            .that()
            .resideOutsideOfPackage(room("prove"))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(room("prove"))
            .because("the judge is not in the production image"),
        noClasses()
            .that(not(resideInAPackage("dev.perennial.app.dev..")))
            .and(not(resideInAnyPackage(room("devstack"), room("prove"))))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(room("devstack"))
            .because("the development stack is not in the production image"),
        noClasses()
            .that()
            .resideInAnyPackage(room("stream"), room("sealing"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(STAGES)
            .because("these rooms know nothing of OAuth"),
        noClasses()
            .that(not(resideInAnyPackage(room("app"), room("devstack"), room("prove"))))
            .and()
            .doNotHaveFullyQualifiedName("dev.perennial.client.Time") // a library's one clock
            .should()
            .callCodeUnitWhere(ambient())
            .because("time and randomness are injected"),
        noClasses()
            .should()
            .resideInAnyPackage(
                "..util..", "..common..", "..impl..", "..manager..", "..helper..", "..core..")
            .because("such a name says nothing"));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void holds(ArchRule rule) {
    rule.check(CLASSES);
  }

  @Test
  void everyRoomIsLookedAt() {
    Set<String> seen = new HashSet<>();
    CLASSES.forEach(c -> seen.add(c.getPackageName().split("\\.", -1)[2]));
    assertThat(seen).containsAll(ROOMS);
  }

  @Test
  void everyPackageSaysWhatMayBeNull() {
    Set<JavaPackage> packages = new HashSet<>();
    for (JavaClass c : CLASSES) {
      packages.add(c.getPackage());
    }
    assertThat(packages).allMatch(p -> p.isAnnotatedWith(NullMarked.class));
  }

  private static String room(String name) {
    return "dev.perennial." + name + "..";
  }

  private static ArchRule onlyIn(String library, String... rooms) {
    String[] allowed = Stream.of(rooms).map(ArchitectureTest::room).toArray(String[]::new);
    return noClasses()
        .that()
        .resideOutsideOfPackages(allowed)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .because(library + " stays in " + List.of(rooms));
  }

  private static DescribedPredicate<JavaCall<?>> ambient() {
    return DescribedPredicate.describe(
        "the target is the ambient clock or randomness",
        call -> {
          String owner = call.getTargetOwner().getName();
          return AMBIENT.matcher(owner + "." + call.getName()).matches();
        });
  }
}
