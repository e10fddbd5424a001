import { goldenTests } from "./golden";

goldenTests("staging");
