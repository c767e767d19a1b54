package dev.perennial.app.admin;

import java.util.Map;

/** Carries a problem from where a request is read to where it is answered. */
final class Refusal extends RuntimeException {
  private final transient Problem problem;
  private final transient Map<String, String> headers;

  Refusal(Problem problem) {
    this(problem, Map.of());
  }

  /** With a header of the answer. */
  Refusal(Problem problem, String header, String value) {
    this(problem, Map.of(header, value));
  }

  private Refusal(Problem problem, Map<String, String> headers) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
    this.headers = headers;
  }

  Problem problem() {
    return problem;
  }

  Answer answer() {
    Answer answer = Answer.problem(problem);
    for (Map.Entry<String, String> header : headers.entrySet()) {
      answer = answer.with(header.getKey(), header.getValue());
    }
    return answer;
  }
}
