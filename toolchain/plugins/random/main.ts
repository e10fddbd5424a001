import { serve } from "../provider/server";
import table from "../schema/random.json";
import {
  randomBytesResource,
  randomId,
  randomInteger,
  randomShuffle,
  randomUuid,
  randomUuid7,
} from "./identifiers";
import { randomPassword, randomString } from "./texts";

serve(table, {
  "random:index/randomBytes:RandomBytes": randomBytesResource,
  "random:index/randomId:RandomId": randomId,
  "random:index/randomInteger:RandomInteger": randomInteger,
  "random:index/randomPassword:RandomPassword": randomPassword,
  "random:index/randomShuffle:RandomShuffle": randomShuffle,
  "random:index/randomString:RandomString": randomString,
  "random:index/randomUuid:RandomUuid": randomUuid,
  "random:index/randomUuid4:RandomUuid4": randomUuid,
  "random:index/randomUuid7:RandomUuid7": randomUuid7,
});
