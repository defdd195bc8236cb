// The smallest page: the projects that are open.
const response = await fetch("/api/v1/projects");
const { data } = await response.json();
const main = document.getElementById("main");
for (const project of data.projects) {
  const line = document.createElement("p");
  line.textContent = `${project.name ?? "?"} ${project.path}`;
  main?.append(line);
}
