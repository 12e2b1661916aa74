import { playSeeds } from './play-seeds.ts'

playSeeds(33, 32)
